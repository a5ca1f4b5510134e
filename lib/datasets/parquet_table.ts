import { Writable } from "node:stream";
import type { DataFrame } from "nodejs-polars";
import { isNotFound, readInput, writeFileWhole } from "../storage/mod.ts";
import type { TableRow } from "./dataset_source.ts";

/** Rows as a polars table; columns are named, as there may be no rows. */
export async function tableOf(
  columns: readonly string[],
  rows: readonly TableRow[],
): Promise<DataFrame> {
  const { default: pl } = await import("nodejs-polars");
  return pl.DataFrame(columns.map((name) => {
    const values = rows.map((row) => row[name]);
    return pl.Series(name, values, typeof values[0] === "number" ? pl.Float64 : pl.Utf8);
  }));
}

/** Writes a table as a Parquet file, whole or not at all; equal tables give equal bytes. */
export async function writeTable(path: string, table: DataFrame): Promise<void> {
  const chunks: Uint8Array[] = [];
  const memory = new Writable({
    write(chunk: Uint8Array, _encoding, done) {
      chunks.push(chunk.slice());
      done();
    },
  });
  table.writeParquet(memory, { compression: "zstd" }); // done when it returns
  await writeFileWhole(path, new Uint8Array(await new Blob(chunks as BlobPart[]).arrayBuffer()));
}

/**
 * Reads a Parquet file.
 *
 * @throws {Error} naming the file, if it is not there or damaged
 */
export async function readTable(path: string): Promise<DataFrame> {
  const { default: pl } = await import("nodejs-polars");
  const bytes = await readInput(path).catch((error) => {
    if (!isNotFound(error)) throw error;
    throw new Error(`There is no ${path}: prepare the data set first`, { cause: error });
  });
  try {
    const { Buffer } = await import("node:buffer");
    return pl.readParquet(Buffer.from(bytes));
  } catch (cause) {
    throw new Error(`${path} is damaged: delete its folder and prepare the data set again`, {
      cause,
    });
  }
}
