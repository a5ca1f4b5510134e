import { createHash } from "node:crypto";
import { extname, resolve } from "node:path";
import type { RejectedRow } from "../dataset_source.ts";
import { isFile } from "../../storage/mod.ts";
import type { CaptionLine, IdCaption } from "./caption_line.ts";
import { readCsvRows } from "./csv_rows.ts";
import { readJsonRows } from "./json_rows.ts";
import { readParquetRows } from "./parquet_rows.ts";

/** The chosen captions, and the rows that were rejected among them. */
export interface ChosenCaptions {
  /** The file that they come from, or the first of several. */
  path: string;
  /** In the order of the files. */
  rows: (IdCaption | RejectedRow)[];
  /** Rows that were skipped, as their photo already had a caption. */
  repeated: number;
  /** Of all rows. */
  digest: string;
}

const READERS: Record<string, (path: string) => AsyncGenerator<CaptionLine[]>> = {
  ".jsonl": readJsonRows,
  ".csv": readCsvRows,
  ".parquet": readParquetRows,
};

/**
 * Reads the first usable caption of each photo, in the order of the files, until enough photos have
 * one; the rest is not read. The choice depends on the files alone, not on which photos can be fetched.
 *
 * @param files relative to `source`; by default all of its .jsonl, .csv and .parquet files, sorted
 * @throws {Error} naming the file and what to do, if one cannot be read or none holds captions
 */
export async function readCaptions(
  source: string,
  files: readonly string[] | undefined,
  maxPhotos: number,
  signal?: AbortSignal,
): Promise<ChosenCaptions> {
  const paths = await findFiles(source, files);
  const rows: ChosenCaptions["rows"] = [];
  const seen = new Set<string>();
  const hash = createHash("sha256");
  let repeated = 0;
  const take = (line: CaptionLine) => {
    if ("id" in line && seen.has(line.id)) return repeated++;
    if ("id" in line) seen.add(line.id);
    rows.push(line);
    hash.update(JSON.stringify(line));
  };
  read:
  for (const path of paths) {
    for await (const lines of READERS[extname(path).toLowerCase()](path)) {
      signal?.throwIfAborted();
      for (const line of lines) {
        take(line);
        if (seen.size === maxPhotos) break read;
      }
    }
  }
  if (rows.length === 0) {
    throw new Error(`${paths.join(" and ")} holds no captions: put captions there`);
  }
  return { path: paths[0], rows, repeated, digest: hash.digest("hex") };
}

async function findFiles(source: string, files?: readonly string[]): Promise<string[]> {
  if (files === undefined) return await listFiles(source);
  const paths = files.map((file) => resolve(source, file));
  for (const path of paths) {
    if (!await isFile(path)) {
      throw new Error(
        `There is no file ${path}: put the captions there, or correct dataset.captions`,
      );
    }
    if (!isReadable(path)) {
      throw new Error(
        `${path} (dataset.captions) ends in none of .jsonl, .csv and .parquet: rename it by ` +
          "its format",
      );
    }
  }
  return paths;
}

async function listFiles(source: string): Promise<string[]> {
  const names: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(source)) {
    if (!isDirectory && !name.startsWith(".") && isReadable(name)) names.push(name);
  }
  if (names.length > 0) return names.sort().map((name) => resolve(source, name));
  throw new Error(
    `There is no .jsonl, .csv or .parquet file with captions in ${source}: put Localized ` +
      "Narratives' open_images_train_v6_captions.jsonl there, or name files in dataset.captions",
  );
}

function isReadable(name: string): boolean {
  return extname(name).toLowerCase() in READERS;
}
