import { basename, join } from "node:path";
import { z } from "zod";
import { digestFile } from "../storage/mod.ts";
import { captionsSource } from "./captions_source.ts";
import type { FoundCaption } from "./found_dataset.ts";
import { captionsFile, captionsSettings, sourceFolder } from "./captions_settings.ts";
import { chooseFile } from "./files/choose_file.ts";
import { readCsvRecords } from "./files/csv_records.ts";
import { hasPhoto, namesPhoto } from "./files/photo_rows.ts";
import { readLines } from "./files/text_lines.ts";
import { listPhotoTree } from "./photo_folder.ts";
import { photoNameTest } from "./photo_names/match_photos.ts";
import type { RejectedRow } from "./dataset_source.ts";
import { openSourceFolder } from "./source_folder.ts";
import { asksForOwn, splitByOwn, splitOf, unknownSplit } from "./splits.ts";

const settings = z.strictObject({
  kind: z.literal("flickr30k").describe("Flickr30k's own files"),
  source: sourceFolder(
    "flickr30k",
    "results_20130124.token, results.csv (Kaggle) or flickr_annotations_30k.csv, and photos",
  ),
  captions: captionsFile("the one of these that is there"),
  ...captionsSettings,
});

const PHOTO_FOLDERS = ["flickr30k-images", "flickr30k_images", "Images", "images", "."];

type Row = FoundCaption | RejectedRow;

/**
 * Flickr30k (Young, Lai, Hodosh and Hockenmaier, 2014) in its own files, Kaggle's or those of
 * Hugging Face, the only ones with a split (Karpathy's).
 */
export const flickr30k = captionsSource({
  settings,

  async read(settings, context) {
    const source = await openSourceFolder(settings, context);
    const path = await chooseFile(
      [source, join(source, "flickr30k_images")],
      settings.captions,
      /^(results\w*\.(token|csv)|flickr_annotations_30k\.csv)$/i,
      "results_20130124.token, results.csv or flickr_annotations_30k.csv",
    );
    const photos = await listPhotoTree(source, settings.images, PHOTO_FOLDERS);
    const rows: Row[] = [];
    const isOwn = asksForOwn(settings.split);
    for await (const row of await readCaptions(path, photoNameTest(photos), isOwn)) rows.push(row);
    if (rows.length === 0) {
      throw new Error(`${path} holds no captions: put Flickr30k's own file there`);
    }
    if (rows.every((row) => "reason" in row && row.reason.startsWith("malformed"))) {
      throw new Error(`${path} has no row of Flickr30k's layout: put Flickr30k's own file there`);
    }
    return {
      path,
      photos,
      rows,
      splitPhotos: (photos, say, own) => splitByOwn(photos, own, settings, say),
      inputs: await digestFile(path),
    };
  },
});

async function readCaptions(
  path: string,
  isPhoto: (name: string) => boolean,
  isOwn: boolean,
): Promise<AsyncGenerator<Row>> {
  for await (const { text } of readLines(path)) {
    if (/^image_name\s*\|/.test(text)) return readBarred(path);
    if (/^[^\t]+#\d+\t/.test(text)) return readTokens(path);
    const columns = text.split(",").map((name) => name.trim().replace(/^"|"$/g, ""));
    if (["raw", "filename"].every((name) => columns.includes(name))) {
      const column = { at: columns.indexOf("filename"), width: columns.length, delimiter: "," };
      return readAnnotations(path, hasPhoto(column, (field) => namesPhoto(field, isPhoto)), isOwn);
    }
    throw new Error(
      `${path} begins with "${text.slice(0, 60)}", which is not one of Flickr30k's layouts ` +
        "(name.jpg#0, tab, caption; image_name| comment_number| comment; raw,sentids,split,…): " +
        "put Flickr30k's own file there",
    );
  }
  return readTokens(path);
}

/** `name.jpg#0<TAB>caption` */
async function* readTokens(path: string): AsyncGenerator<Row> {
  for await (const { line, text, reason } of readLines(path)) {
    const row = `${basename(path)}:${line}`;
    if (text.trim() === "") continue;
    const match = /^(.+)#\d+\t(.*)$/.exec(text);
    if (reason !== undefined) yield { row, reason };
    else if (match === null) yield { row, reason: "malformed, not name#number, tab, caption" };
    else yield { row, photo: match[1], caption: match[2].trim() };
  }
}

/** `name.jpg| 0| caption`; one row of Kaggle's file lacks a separator. */
async function* readBarred(path: string): AsyncGenerator<Row> {
  for await (const { line, text, reason } of readLines(path)) {
    const row = `${basename(path)}:${line}`;
    if (line === 1 || text.trim() === "") continue;
    const match = /^([^|]+)\|\s*\d+\s*\|(.*)$/.exec(text);
    if (reason !== undefined) yield { row, reason };
    else if (match === null) yield { row, reason: "malformed, not name| number| caption" };
    else yield { row, photo: match[1].trim(), caption: match[2].trim() };
  }
}

/**
 * CSV whose column `raw` is a list of captions.
 *
 * @param isOwn whether its splits are used, and rows with unknown ones rejected
 */
async function* readAnnotations(
  path: string,
  isRow: (line: string) => boolean,
  isOwn: boolean,
): AsyncGenerator<Row> {
  let columns: string[] | undefined;
  for await (const record of readCsvRecords(path, { isRow })) {
    const row = `${basename(path)}:${record.line}`;
    if ("reason" in record) {
      yield { row, reason: record.reason };
      continue;
    }
    if (columns === undefined) {
      columns = record.fields.map((name) => name.trim());
      continue;
    }
    const field = (name: string) => record.fields[columns!.indexOf(name)];
    const [raw, photo, word] = [field("raw"), field("filename"), field("split") ?? ""];
    const split = word === "" ? "" : splitOf(word) ?? (isOwn ? undefined : "");
    if (raw === undefined || photo === undefined || photo === "") {
      yield { row, reason: "malformed, fewer fields than the header" };
    } else if (split === undefined) {
      yield { row, reason: unknownSplit(word) };
    } else {
      yield { row, photo, caption: raw, split };
    }
  }
}
