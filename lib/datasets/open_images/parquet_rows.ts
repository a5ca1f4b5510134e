import { basename } from "node:path";
import type { DataFrame } from "nodejs-polars";
import { checkContent, readHead } from "../../storage/mod.ts";
import { type CaptionLine, judgeCaption } from "./caption_line.ts";

/** Rows converted to JavaScript values at once. */
const BATCH = 20_000;

/**
 * The rows of a Parquet file with the columns image_id and caption among others, a batch at a time;
 * rows are counted from 1 on.
 *
 * @throws {Error} naming the file, if it is damaged or a column is missing
 */
export async function* readParquetRows(path: string): AsyncGenerator<CaptionLine[]> {
  const { default: pl } = await import("nodejs-polars");
  const name = basename(path);
  checkContent(path, readHead(path), "a Parquet file", ["Parquet"]);
  for (let at = 0;; at += BATCH) {
    let table: DataFrame;
    try {
      table = await pl.scanParquet(path).select("image_id", "caption").slice(at, BATCH).collect();
    } catch (cause) {
      throw explain(cause as Error, path);
    }
    const ids = table.getColumn("image_id").toArray();
    const captions = table.getColumn("caption").toArray();
    yield ids.map((id, index) => judgeCaption(`${name}:${at + index + 1}`, id, captions[index]));
    if (ids.length < BATCH) return;
  }
}

function explain(cause: Error, path: string): Error {
  if (/not ?found/i.test(cause.message)) {
    return new Error(
      `${path} lacks the column image_id or caption: name another file in dataset.captions`,
      { cause },
    );
  }
  return new Error(`${path} is not a Parquet file, or is damaged: download it again`, { cause });
}
