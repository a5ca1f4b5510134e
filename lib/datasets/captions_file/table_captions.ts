import type { Listener } from "../../progress/mod.ts";
import { isObject } from "../files/json_file.ts";
import { readTable } from "../folder/read_table.ts";
import { describeRejections } from "../rejections.ts";
import { type CaptionEntry, entriesByPhoto } from "./listed_captions.ts";

/** Whether a file is CSV, TSV, text like these, or JSON lines, by its ending. */
export function endsLikeTable(file: string): boolean {
  return /\.(csv|tsv|txt|jsonl|ndjson)(\.gz)?$/i.test(file);
}

/** Whether JSON is a table: a list of objects with `photo`, as the task `caption` writes it. */
export function isTable(json: unknown): boolean {
  return Array.isArray(json) &&
    json.some((entry) => isObject(entry) && "photo" in entry && !("image_id" in entry));
}

/**
 * The captions of a table by photo, in the order of their first rows. What was found in the file, and
 * rows without a caption, are said.
 *
 * @param known names that photos are known to have
 * @throws {Error} naming the file and what is wrong with it
 */
export async function tableCaptions(
  file: string,
  say: Required<Listener>["say"],
  known: ReadonlySet<string> = new Set(),
): Promise<CaptionEntry[]> {
  const { rows, notes } = await readTable(file, {
    isPhoto: (name) => known.has(name),
    splits: false,
  });
  for (const note of notes) say(note);
  const rejected = rows.filter((row) => "reason" in row);
  if (rejected.length > 0) {
    say(`${file}: ${describeRejections(rejected)}, the first is ${rejected[0].row}`);
  }
  return entriesByPhoto(rows.filter((row) => "caption" in row));
}
