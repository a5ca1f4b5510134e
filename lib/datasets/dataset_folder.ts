import { isAbsolute, join, resolve } from "node:path";
import type { DataFrame } from "nodejs-polars";
import type { CountedFrame } from "../text/mod.ts";
import { isNotFound, removeLeftovers, unlessNotFound, writeFileWhole } from "../storage/mod.ts";
import { readTable, tableOf, writeTable } from "./parquet_table.ts";
import { countReasons } from "./rejections.ts";
import type { CaptionRow, PreparedDataset, RejectedRow, TableRow } from "./dataset_source.ts";
import { countSplits, type SplitCount } from "./statistics.ts";

/** Version of a prepared data set's files; raised when an older folder can no longer be read. */
export const DATASET_FORMAT = 2;

/** Contents of dataset.json: a summary of the tables beside it. */
export interface DatasetSummary {
  /** {@linkcode DATASET_FORMAT} of the program that wrote it. */
  format: number;
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
  await Deno.remove(summaryPath).catch(unlessNotFound);
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
    format: DATASET_FORMAT,
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
  await writeFileWhole(summaryPath, JSON.stringify(summary, null, 2) + "\n");
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
 * @throws {Error} if it is missing, damaged, or of another version
 */
export async function readDatasetSummary(folder: string): Promise<DatasetSummary> {
  const path = join(folder, "dataset.json");
  let summary: DatasetSummary;
  try {
    summary = JSON.parse(await Deno.readTextFile(path));
  } catch (cause) {
    if (isNotFound(cause)) {
      throw new Error(`There is no ${path}: prepare the data set first`, { cause });
    }
    if (!(cause instanceof SyntaxError)) throw cause;
    throw new Error(`${path} is damaged: delete its folder and prepare the data set again`, {
      cause,
    });
  }
  if (summary.format === DATASET_FORMAT) return summary;
  throw new Error(
    `${path} has format ${summary.format ?? 0}, but this version reads ${DATASET_FORMAT}: ` +
      "prepare the data set again",
  );
}
