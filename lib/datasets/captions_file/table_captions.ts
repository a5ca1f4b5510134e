import type { Listener } from "../../progress/mod.ts";
import { readTable } from "../folder/read_table.ts";
import { describeRejections } from "../rejections.ts";
import type { CaptionEntry } from "./listed_captions.ts";

/** Whether a file is CSV, TSV, text like these, or JSON lines, by its ending. */
export function isTable(file: string): boolean {
  return /\.(csv|tsv|txt|jsonl|ndjson)(\.gz)?$/i.test(file);
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
  const byPhoto = new Map<string, string[]>();
  for (const row of rows) {
    if ("reason" in row) continue;
    const captions = byPhoto.get(row.photo);
    if (captions === undefined) byPhoto.set(row.photo, [row.caption]);
    else captions.push(row.caption);
  }
  return [...byPhoto].map(([id, found]) => ({ id, found, shown: JSON.stringify(found) }));
}
