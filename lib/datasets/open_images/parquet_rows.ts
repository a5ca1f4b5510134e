import { basename } from "node:path";
import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from "node:zlib";
import { type Compressors, parquetMetadataAsync, parquetRead } from "hyparquet";
import { checkContent, InputFileError, openInput, readHead } from "../../storage/mod.ts";
import { type CaptionLine, judgeCaption } from "./caption_line.ts";

/** Rows of the largest row group, which is in memory as a whole; writers make a million at most. */
const LARGEST_GROUP = 5_000_000;

const COLUMNS = ["image_id", "caption"];

/**
 * The rows of a Parquet file with the columns image_id and caption among others, a row group at a
 * time; rows are counted from 1 on.
 *
 * Not by polars, which reads the project's own tables: a damaged file may end the whole process there.
 *
 * @throws {Error} naming the file, if it is damaged or a column is missing
 */
export async function* readParquetRows(path: string): AsyncGenerator<CaptionLine[]> {
  const name = basename(path);
  checkContent(path, readHead(path), "a Parquet file", ["Parquet"]);
  using opened = await openInput(path);
  const file = sliced(opened, (await opened.stat()).size);
  const metadata = await parquetMetadataAsync(file).catch(damaged(path));
  const has = new Set(
    metadata.row_groups.flatMap(({ columns }) =>
      columns.map(({ meta_data }) => meta_data?.path_in_schema?.join("."))
    ),
  );
  const schema = new Set(metadata.schema.map((element) => element.name));
  if (!COLUMNS.every((column) => has.has(column) || schema.has(column))) {
    throw new Error(
      `${path} lacks the column image_id or caption: name another file in dataset.captions`,
    );
  }
  let at = 0;
  for (const { num_rows } of metadata.row_groups) {
    const rows = Number(num_rows);
    if (!(rows >= 0 && rows <= LARGEST_GROUP)) {
      throw new Error(
        `${path} has ${rows} rows in a row group, where up to ${LARGEST_GROUP} can be read: write ` +
          "it with smaller row groups, or download it again if it is damaged",
      );
    }
    const values = new Map(COLUMNS.map((column): [string, unknown[]] => [column, []]));
    await parquetRead({
      file,
      metadata,
      columns: COLUMNS,
      compressors: COMPRESSORS,
      rowStart: at,
      rowEnd: at + rows,
      onChunk: ({ columnName, columnData }) => {
        const column = values.get(columnName);
        for (let i = 0; i < columnData.length; i++) column?.push(columnData[i]);
      },
    }).catch(damaged(path));
    const [ids, captions] = COLUMNS.map((column) => values.get(column)!);
    if (ids.length !== rows || captions.length !== rows) {
      throw new Error(`${path} is damaged, its columns have other lengths: download it again`);
    }
    yield ids.map((id, i) => judgeCaption(`${name}:${at + i + 1}`, id, captions[i]));
    at += rows;
  }
}

/** What is not Snappy, which the library reads itself. A page never becomes larger than it claims. */
const COMPRESSORS: Compressors = {
  GZIP: (bytes, size) => gunzipSync(bytes, { maxOutputLength: size }),
  BROTLI: (bytes, size) => brotliDecompressSync(bytes, { maxOutputLength: size }),
  ZSTD: (bytes, size) => zstdDecompressSync(bytes, { maxOutputLength: size }),
};

function sliced(opened: Deno.FsFile, byteLength: number) {
  return {
    byteLength,
    slice: (start: number, end: number = byteLength): ArrayBuffer => {
      if (!(0 <= start && start <= end && end <= byteLength)) {
        throw new RangeError(`bytes ${start} to ${end} of ${byteLength}`);
      }
      const bytes = new Uint8Array(end - start);
      opened.seekSync(start, Deno.SeekMode.Start);
      for (let have = 0; have < bytes.length;) {
        const more = opened.readSync(bytes.subarray(have));
        if (more === null) throw new RangeError(`the file ends at byte ${start + have}`);
        have += more;
      }
      return bytes.buffer;
    },
  };
}

function damaged(path: string): (cause: unknown) => never {
  return (cause) => {
    if (cause instanceof InputFileError) throw cause;
    const codec = /unsupported compression codec: ([A-Z]\w*)/.exec((cause as Error).message)?.[1];
    throw new Error(
      codec === undefined
        ? `${path} is not a Parquet file, or is damaged: download it again`
        : `${path} is compressed by ${codec}: write it with Snappy, zstd, gzip or none`,
      { cause },
    );
  };
}
