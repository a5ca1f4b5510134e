import { z } from "zod";
import { join } from "node:path";
import { readRecord, writeRecord } from "../../lib/storage/mod.ts";
import { median } from "../median.ts";
import type { Row } from "./rows.ts";

const line = z.record(z.string(), z.union([z.number(), z.string()]));

const schema = z.strictObject({
  machine: z.strictObject({
    processor: z.string(),
    cores: z.number(),
    memoryGigabytes: z.number(),
    library: z.string(),
  }),
  sizes: z.strictObject({
    rounds: z.number(),
    steps: z.number(),
    photos: z.number(),
    captionsFile: z.string(),
    imagesFolder: z.string(),
  }),
  contestants: z.array(z.string()),
  rows: z.record(
    z.string(),
    z.strictObject({
      date: z.string(),
      lines: z.record(z.string(), z.array(line)),
      open: z.record(z.string(), z.string()),
    }),
  ),
});

/**
 * What was measured: every line that every contestant printed, round by round, by the row's name;
 * and in `open`, why a contestant has none.
 */
export type Results = z.infer<typeof schema>;

/** One row of them. */
export type MeasuredRow = Results["rows"][string];

/** What the figures depend on beside the contestants. */
export type Setting = Pick<Results, "machine" | "sizes">;

const FORMAT = 1;

const file = (folder: string) => join(folder, "results.json");

/** Reads a folder's results. @returns undefined if there are none */
export async function readResults(folder: string): Promise<Results | undefined> {
  const remedy = "measure again with `deno task bench all --overwrite`, or into another folder";
  return await readRecord(file(folder), { format: FORMAT, schema, remedy });
}

/** Writes them whole. */
export async function writeResults(folder: string, results: Results): Promise<void> {
  await writeRecord(file(folder), FORMAT, results);
}

/**
 * That figures can stand beside those that are there.
 *
 * @throws {Error} if another machine, library or size gave them
 */
export function checkSetting(results: Results, { machine, sizes }: Setting, folder: string): void {
  const found: Record<string, string | number> = { ...results.machine, ...results.sizes };
  for (const [name, value] of Object.entries({ ...machine, ...sizes })) {
    if (found[name] === value) continue;
    throw new Error(
      `${file(folder)} was measured with ${name} ${found[name]}, and it is ${value} now: give ` +
        `--overwrite to begin again, or another --out`,
    );
  }
}

/** The median of a contestant's rounds; undefined if it has none. */
export function medianOf(
  results: Results,
  { name, figure }: Pick<Row, "name" | "figure">,
  contestant: string,
): number | undefined {
  const figures = results.rows[name]?.lines[contestant]?.map((line) => line[figure]);
  return figures?.every((value) => typeof value === "number") && figures.length > 0
    ? median(figures)
    : undefined;
}
