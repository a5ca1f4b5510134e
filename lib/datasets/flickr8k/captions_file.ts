import { createHash } from "node:crypto";
import { basename, join } from "node:path";
import { isFile } from "../../storage/mod.ts";
import { type ReadCsvOptions, readCsvRecords } from "../files/csv_records.ts";
import { hasPhoto, namesPhoto } from "../files/photo_rows.ts";
import { readLines, type ReadLinesOptions } from "../files/text_lines.ts";
import type { FoundCaption } from "../found_dataset.ts";
import type { RejectedRow } from "../dataset_source.ts";

/** The rows of a captions file. */
export interface CaptionsFile {
  path: string;
  /** SHA-256 of its bytes. */
  digest: string;
  rows: (FoundCaption | RejectedRow)[];
}

/**
 * Reads `captions.txt` (CSV with the header image,caption) or, where that is not there,
 * `Flickr8k.token.txt` (`name.jpg#0<TAB>caption`).
 *
 * @param isPhoto whether a photo of that name is on the disk
 * @throws {Error} naming the path and what to do, if there is neither or it is empty
 */
export async function readCaptionsFile(
  source: string,
  isPhoto: (name: string) => boolean,
): Promise<CaptionsFile> {
  const path = await findCaptionsFile(source);
  const hash = createHash("sha256");
  const options = { onBytes: (bytes: Uint8Array) => void hash.update(bytes) };
  const isCsv = basename(path) === "captions.txt";
  const rows: CaptionsFile["rows"] = [];
  const column = { at: 0, width: 2, delimiter: "," };
  const isRow = hasPhoto(column, (field) => namesPhoto(field, isPhoto));
  for await (
    const row of isCsv ? readCsv(path, { ...options, isRow }) : readTokens(path, options)
  ) {
    rows.push(row);
  }
  if (rows.length === 0) {
    throw new Error(`${path} holds no captions: put the data set's own file there`);
  }
  if (!isCsv && rows.every((row) => "reason" in row)) {
    throw new Error(
      `${path} has no row like name.jpg#0, tab, caption: put Flickr8k's own file there`,
    );
  }
  return { path, digest: hash.digest("hex"), rows };
}

/** Names of captions files, in order of preference. */
export const CAPTIONS_FILES = ["captions.txt", "Flickr8k.token.txt"];

async function findCaptionsFile(source: string): Promise<string> {
  for (const name of CAPTIONS_FILES) {
    const path = join(source, name);
    if (await isFile(path)) return path;
  }
  throw new Error(
    `There is no ${CAPTIONS_FILES.join(" or ")} in ${source}: put one there, or set ` +
      "dataset.source to the folder that has it",
  );
}

type Row = FoundCaption | RejectedRow;

async function* readTokens(path: string, options: ReadLinesOptions): AsyncGenerator<Row> {
  for await (const { line, text, reason } of readLines(path, options)) {
    if (text.trim() === "") continue;
    const row = `${basename(path)}:${line}`;
    const match = /^(.+)#\d+\t(.*)$/.exec(text);
    if (reason !== undefined) yield { row, reason };
    else if (match === null) yield { row, reason: "malformed, not name#number, tab, caption" };
    else yield { row, photo: match[1], caption: match[2].trim() };
  }
}

async function* readCsv(path: string, options: ReadCsvOptions): AsyncGenerator<Row> {
  let hasHeader = false;
  for await (const record of readCsvRecords(path, options)) {
    const row = `${basename(path)}:${record.line}`;
    if ("reason" in record) yield { row, reason: record.reason };
    else if (!hasHeader) {
      checkHeader(record.fields, path);
      hasHeader = true;
    } else if (record.fields.length < 2) yield { row, reason: "malformed, not image,caption" };
    else {
      const [photo, ...rest] = record.fields; // commas in an unquoted caption
      yield { row, photo: photo.trim(), caption: rest.join(",") };
    }
  }
}

function checkHeader(fields: string[], path: string): void {
  const header = fields.join(",");
  if (/^\s*image\s*,\s*caption\s*$/i.test(header)) return;
  throw new Error(
    `${path} begins with "${header.slice(0, 60)}", not with the header image,caption: ` +
      "add that line, or put Kaggle's own file there",
  );
}
