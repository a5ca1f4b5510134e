import { basename, dirname, join } from "node:path";
import { isFile } from "../../storage/mod.ts";
import type { FoundCaption } from "../found_dataset.ts";
import { filesLike } from "../files/choose_file.ts";
import { readLines } from "../files/text_lines.ts";
import type { RejectedRow, Split } from "../dataset_source.ts";

/** A file with a caption on each line, and the list of their photos, line by line. */
export interface CaptionsFile {
  path: string;
  /** Of the file, without its folder. */
  name: string;
  split: Split;
  list: string;
}

const LIST_FOLDERS = [".", "image_splits", "../image_splits"];

/**
 * Finds the captions files of a language: `val.1.de` (task 2) or `val.de` (task 1), in the folder or
 * its `raw`, and for each the list of its photos.
 *
 * @throws {Error} naming what is missing, or the languages that exist
 */
export async function findCaptionsFiles(source: string, language: string): Promise<CaptionsFile[]> {
  for (const folder of [source, join(source, "raw")]) {
    const all = await filesLike(folder, /^(train|val|test)\w*(\.\d+)?\.[a-z]{2,3}(\.gz)?$/);
    const files = all.filter((name) => partsOf(name)?.language === language);
    if (files.length > 0) {
      const there = new Set(files);
      const wanted = files.filter((name) =>
        !name.endsWith(".gz") || !there.has(name.slice(0, -".gz".length))
      );
      const found: CaptionsFile[] = [];
      for (const name of wanted) found.push(await withList(folder, name));
      return found;
    }
    const languages = new Set(all.flatMap((name) => partsOf(name)?.language ?? []));
    if (languages.size > 0) {
      throw new Error(
        `${folder} has no captions in "${language}", but in ${[...languages].sort().join(", ")}: ` +
          "set dataset.language to one of these",
      );
    }
  }
  throw new Error(
    `There is no val.1.${language}, val.${language} or the like in ${source}: put Multi30k's ` +
      "files there, or set dataset.source to the folder that has them",
  );
}

/** `test_2016_flickr.2.de.gz` → part test_2016_flickr, language de. */
function partsOf(name: string): { part: string; language: string } | undefined {
  const match = /^(\w+?)(?:\.\d+)?\.([a-z]{2,3})(?:\.gz)?$/.exec(name);
  if (match === null || match[2] === "txt" || match[2] === "gz") return undefined;
  return { part: match[1], language: match[2] };
}

async function withList(folder: string, name: string): Promise<CaptionsFile> {
  const { part } = partsOf(name)!;
  const candidates = LIST_FOLDERS.flatMap((lists) =>
    [`${part}_images.txt`, `${part}.txt`].map((list) => join(folder, lists, list))
  );
  const split = part.startsWith("train") ? "train" : part.startsWith("val") ? "dev" : "test";
  for (const list of candidates) {
    if (await isFile(list)) {
      return { path: join(folder, name), name, split, list };
    }
  }
  throw new Error(
    `There is no ${part}_images.txt or ${part}.txt for ${name} in ${folder} or ` +
      `${join(dirname(folder), "image_splits")}: put the list of its photos there`,
  );
}

/**
 * The captions of one file with the photos of its list.
 *
 * @param fileOf returns the name on the disk of a photo on the list
 * @throws {Error} if the file and its list differ in their number of lines
 */
export async function* readCaptionsFile(
  { path, name, split, list }: CaptionsFile,
  fileOf: (photo: string) => string,
): AsyncGenerator<FoundCaption | RejectedRow> {
  const photos: string[] = [];
  // In the test set of 2017, COCO's photos are followed by "#" and the caption's number.
  for await (const { text } of readLines(list)) photos.push(text.trim().replace(/#\d+$/, ""));
  while (photos.at(-1) === "") photos.pop();
  let lines = 0;
  for await (const { line, text, reason } of readLines(path)) {
    lines = line;
    const row = `${name}:${line}`;
    const photo = photos[line - 1];
    if (photo === undefined) {
      if (text.trim() === "") continue;
      throw unequal(path, line, list, photos.length);
    }
    if (reason !== undefined) yield { row, reason };
    else yield { row, photo: fileOf(photo), caption: text.trim(), split };
  }
  if (lines < photos.length) throw unequal(path, lines, list, photos.length);
}

function unequal(path: string, lines: number, list: string, photos: number): Error {
  return new Error(
    `${path} has ${lines > photos ? `more than ${photos}` : lines} lines, but ${
      basename(list)
    } names ` +
      `${photos} photos, one for each line: put a matching pair there`,
  );
}
