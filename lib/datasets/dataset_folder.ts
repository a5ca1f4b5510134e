import { isAbsolute, join, resolve } from "node:path";
import type { DataFrame } from "nodejs-polars";
import { z } from "zod";
import type { CountedFrame } from "../text/mod.ts";
import { readRecord, removeFile, removeLeftovers, writeRecord } from "../storage/mod.ts";
import { readTable, tableOf, writeTable } from "./parquet_table.ts";
import { countReasons } from "./rejections.ts";
import type { CaptionRow, PreparedDataset, RejectedRow, TableRow } from "./dataset_source.ts";
import { countSplits, type SplitCount } from "./statistics.ts";

/** Version of a prepared data set's files; raised when an older folder can no longer be read. */
export const DATASET_FORMAT = 4;

/** Contents of dataset.json: a summary of the tables beside it. */
export interface DatasetSummary {
  /** Name of the source. */
  kind: string;
  /** Absolute, or relative to the data set's own folder. */
  photoFolder: string;
  /** Rows of captions.parquet. */
  captions: number;
  /** Photos that have captions. */
  photos: number;
  /** Photos and captions of each split. */
  splits: SplitCount[];
  /** Rows of rejected.parquet. */
  rejected: number;
  /** Rejected rows by reason. */
  reasons: Record<string, number>;
  /** Markers that were taken off captions, and how many had them. */
  markers: CountedFrame[];
  /** Names of further tables. */
  tables: string[];
}

const summarySchema: z.ZodType<DatasetSummary> = z.strictObject({
  kind: z.string(),
  photoFolder: z.string(),
  captions: z.int(),
  photos: z.int(),
  splits: z.array(
    z.strictObject({
      split: z.enum(["train", "dev", "test", ""]),
      photos: z.int(),
      captions: z.int(),
    }),
  ),
  rejected: z.int(),
  reasons: z.record(z.string(), z.int()),
  markers: z.array(z.strictObject({ start: z.string(), end: z.string(), captions: z.int() })),
  tables: z.array(z.string()),
});

/** A prepared data set, read back. */
export interface Dataset {
  /** Contents of dataset.json. */
  summary: DatasetSummary;
  /** Absolute. */
  photoFolder: string;
  /** Every caption. */
  captions: CaptionRow[];
  /** Every rejected row. */
  rejected: RejectedRow[];
}

/**
 * Writes captions.parquet, rejected.parquet, the further tables and, last, dataset.json: a folder
 * with a dataset.json is complete.
 */
export async function writeDataset(
  folder: string,
  prepared: PreparedDataset,
): Promise<DatasetSummary> {
  const summaryPath = join(folder, "dataset.json");
  await removeFile(summaryPath);
  const tables = Object.entries(prepared.tables ?? {});
  const write = async (name: string, columns: string[], rows: readonly object[]) =>
    await writeTable(
      join(folder, `${name}.parquet`),
      await tableOf(columns, rows as readonly TableRow[]),
    );
  await write("captions", ["photo", "digest", "caption", "split"], prepared.captions);
  await write("rejected", ["row", "reason"], prepared.rejected);
  for (const [name, rows] of tables) await write(name, Object.keys(rows[0] ?? {}), rows);
  const summary: DatasetSummary = {
    kind: prepared.kind,
    photoFolder: prepared.photoFolder,
    captions: prepared.captions.length,
    photos: new Set(prepared.captions.map((row) => row.photo)).size,
    splits: countSplits(prepared.captions),
    rejected: prepared.rejected.length,
    reasons: countReasons(prepared.rejected),
    markers: prepared.markers ?? [],
    tables: tables.map(([name]) => name),
  };
  await writeRecord(summaryPath, DATASET_FORMAT, summary);
  await removeLeftovers(folder);
  return summary;
}

/**
 * Reads what `writeDataset` wrote.
 *
 * @throws {Error} naming the file, if one is missing or damaged
 */
export async function readDataset(folder: string): Promise<Dataset> {
  const summary = await readDatasetSummary(folder);
  const records = async (name: string) => (await readDatasetTable(folder, name)).toRecords();
  return {
    summary,
    photoFolder: photoFolderOf(folder, summary),
    captions: await records("captions") as unknown as CaptionRow[],
    rejected: await records("rejected") as unknown as RejectedRow[],
  };
}

/**
 * One table of a data set as a polars table: `captions`, `rejected`, or a further one.
 *
 * @throws {Error} naming the file, if it is missing or damaged
 */
export async function readDatasetTable(folder: string, name: string): Promise<DataFrame> {
  return await readTable(join(folder, `${name}.parquet`));
}

/** The absolute folder of a data set's photos. */
export function photoFolderOf(
  folder: string,
  { photoFolder }: Pick<DatasetSummary, "photoFolder">,
): string {
  return isAbsolute(photoFolder) ? photoFolder : resolve(folder, photoFolder);
}

/**
 * Reads dataset.json.
 *
 * @throws {Error} if it is missing
 * @throws {DamagedFileError} if it is not as it was written
 * @throws {OtherVersionError} if another version wrote it
 */
export async function readDatasetSummary(folder: string): Promise<DatasetSummary> {
  const path = join(folder, "dataset.json");
  const summary = await readRecord(path, {
    format: DATASET_FORMAT,
    schema: summarySchema,
    remedy: "prepare the data set again",
  });
  if (summary !== undefined) return summary;
  throw new Error(`There is no ${path}: prepare the data set first`);
}
