import { basename, join } from "node:path";
import { type CsvError, parse } from "csv-parse";
import type { FoundCaption } from "../found_dataset.ts";
import { sha256 } from "../../storage/mod.ts";
import { decodeText } from "../decode_text.ts";
import type { RejectedRow } from "../source.ts";

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
 * @throws {Error} naming the path and what to do, if there is neither, or nothing in it
 */
export async function readCaptionsFile(source: string): Promise<CaptionsFile> {
  const path = await findCaptionsFile(source);
  const bytes = await Deno.readFile(path);
  const { text, brokenLines } = decodeText(bytes, path);
  const lines = basename(path) === "captions.txt"
    ? await readCsv(text, path)
    : readTokenLines(text, path);
  if (lines.length === 0) {
    throw new Error(`${path} holds no captions: put the data set's own file there`);
  }
  const rows = lines.map(({ line, ...found }) => {
    const row = `${basename(path)}:${line}`;
    return brokenLines.has(line) ? { row, reason: "not UTF-8" } : { row, ...found };
  });
  return { path, digest: sha256(bytes), rows };
}

/** Names of captions files; an earlier one wins. */
export const captionsFileNames = ["captions.txt", "Flickr8k.token.txt"];

async function findCaptionsFile(source: string): Promise<string> {
  for (const name of captionsFileNames) {
    const path = join(source, name);
    if (await Deno.stat(path).then((stat) => stat.isFile, () => false)) return path;
  }
  throw new Error(
    `There is no ${captionsFileNames.join(" or ")} in ${source}: put one there, or set ` +
      "dataset.source to the folder that has it",
  );
}

type Line = { line: number } & ({ photo: string; caption: string } | { reason: string });

function readTokenLines(text: string, path: string): Line[] {
  const lines = text.split("\n").flatMap((content, index): Line[] => {
    const line = index + 1;
    if (content.trim() === "") return [];
    const match = /^(.+)#\d+\t(.*)$/.exec(content);
    if (match === null) return [{ line, reason: "malformed, not name#number, tab, caption" }];
    return [{ line, photo: match[1], caption: match[2].trim() }];
  });
  if (lines.length > 0 && lines.every((line) => "reason" in line)) {
    throw new Error(
      `${path} has no row like name.jpg#0, tab, caption: put Flickr8k's own file there`,
    );
  }
  return lines;
}

/** The whole file by one parser; row by row only where that fails, to lose no more than the row. */
async function readCsv(text: string, path: string): Promise<Line[]> {
  checkHeader(text, path);
  const whole = await parseCsv(text, 1).catch(() => undefined);
  const swallowed = whole?.some(({ fields }) =>
    fields.some((field) => /\n[^,\n]+\.\w{3,4},/.test(field))
  );
  if (whole !== undefined && !swallowed) return whole.slice(1).map(csvLine);
  const lines: Line[] = [];
  const rows = text.split("\n");
  for (let index = 1; index < rows.length; index++) {
    if (rows[index].trim() === "") continue;
    const line = index + 1;
    const [record] = await parseCsv(rows[index], line, true).catch(() => []);
    lines.push(
      record === undefined
        ? { line, reason: "malformed, quotation marks do not match" }
        : csvLine(record),
    );
  }
  return lines;
}

function checkHeader(text: string, path: string): void {
  if (text.trim() === "") return;
  const header = text.slice(0, text.indexOf("\n") + 1 || undefined).trim();
  if (/^"?image"?\s*,\s*"?caption"?$/i.test(header)) return;
  throw new Error(
    `${path} begins with "${header.slice(0, 60)}", not with the header image,caption: ` +
      "add that line, or put Kaggle's own file there",
  );
}

function csvLine({ line, fields }: CsvRecord): Line {
  if (fields.length < 2) return { line, reason: "malformed, not image,caption" };
  const [photo, ...rest] = fields; // commas in a caption that was not quoted
  return { line, photo: photo.trim(), caption: rest.join(",").replace(/\n/g, " ").trim() };
}

interface CsvRecord {
  /** Line on which it begins. */
  line: number;
  fields: string[];
}

function parseCsv(text: string, firstLine: number, relaxed = false): Promise<CsvRecord[]> {
  let next = firstLine;
  // As each comes: all texts of all records beside their fields would be the file three times over.
  const toRecord = ({ raw, record: fields }: { raw: string; record: string[] }) => {
    const line = next;
    next += raw.split("\n").length - 1;
    return fields.length > 1 || fields[0].trim() !== "" ? { line, fields } : null;
  };
  const options = {
    relax_column_count: true,
    relax_quotes: relaxed,
    raw: true,
    on_record: toRecord as never, // its type does not know of `raw`
  };
  return new Promise((resolve, reject) => {
    parse(text, options, (error: CsvError | undefined, records: unknown) => {
      if (error) reject(error);
      else resolve(records as CsvRecord[]);
    });
  });
}
