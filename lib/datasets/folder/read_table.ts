import { basename } from "node:path";
import type { FoundCaption } from "../found_dataset.ts";
import { captionsIn, captionsInField } from "../files/caption_text.ts";
import { readCsvRecords } from "../files/csv_records.ts";
import { isObject, readJson } from "../files/json_file.ts";
import { readJsonLines } from "../files/json_lines.ts";
import { readLines } from "../files/text_lines.ts";
import type { RejectedRow } from "../dataset_source.ts";
import { splitOf } from "../splits.ts";
import { chooseColumns, type Columns, describeColumns, type NamedColumns } from "./columns.ts";

/** Captions of a plain file, and its format and columns in words. */
export interface CaptionsTable {
  rows: (FoundCaption | RejectedRow)[];
  recognised: string;
}

const WHAT = "a list of photos and captions";

type TableRecord =
  & { row: string }
  & ({ values: { [column: string]: unknown } } | { reason: string });

/**
 * Reads a CSV, TSV, JSON or JSON lines file of photos and captions.
 *
 * @throws {Error} naming the file and what is wrong with it
 */
export async function readTable(path: string, named: NamedColumns): Promise<CaptionsTable> {
  const { format, records } = await openTable(path);
  const rows: CaptionsTable["rows"] = [];
  const columns = chooseColumns(await namesIn(records(), path), named, path);
  for await (const record of records()) {
    const found = "reason" in record ? [record] : captionsOf(record.row, record.values, columns);
    for (const row of found) rows.push(row);
  }
  return { rows, recognised: `${path} is ${format}: ${describeColumns(columns)}` };
}

/** Columns of a CSV file, or keys of the first 100 objects, as JSON may omit some. */
async function namesIn(records: AsyncIterable<TableRecord>, path: string): Promise<string[]> {
  const names = new Set<string>();
  let first: string | undefined;
  let count = 0;
  for await (const record of records) {
    if ("values" in record) { for (const name of Object.keys(record.values)) names.add(name); }
    else first ??= `${record.row}: ${record.reason}`;
    if (++count === 100 && names.size > 0) break;
  }
  if (names.size > 0) return [...names];
  throw new Error(
    `${path} holds no captions${first === undefined ? "" : ` (${first})`}: put ${WHAT} there`,
  );
}

async function openTable(
  path: string,
): Promise<{ format: string; records: () => AsyncIterable<TableRecord> }> {
  let first = "";
  let second = "";
  for await (const { text } of readLines(path)) {
    if (text.trim() === "") continue;
    if (first === "") first = text.trim();
    else second = text.trim();
    if (second !== "") break;
  }
  if (first === "") throw new Error(`${path} is empty: put ${WHAT} there`);
  if (/\.(jsonl|ndjson)(\.gz)?$/i.test(path) || second !== "" && isWholeObject(first)) {
    return { format: "JSON lines", records: () => jsonLines(path) };
  }
  if (/^[[{]/.test(first) || /\.json$/i.test(path)) {
    const { json } = await readJson(path, WHAT);
    return { format: "JSON", records: () => jsonItems(json, path) };
  }
  const [delimiter, format] = delimiterOf(first, path);
  return { format, records: () => csvRecords(path, delimiter) };
}

function isWholeObject(line: string): boolean {
  try {
    return isObject(JSON.parse(line));
  } catch {
    return false;
  }
}

function delimiterOf(header: string, path: string): [delimiter: string, format: string] {
  if (/\.tsv(\.gz)?$/i.test(path)) return ["\t", "TSV"];
  const count = (delimiter: string) => header.split(delimiter).length;
  const [best] = [",", "\t", ";", "|"].sort((a, b) => count(b) - count(a));
  if (count(best) > 1) return [best, best === "\t" ? "TSV" : `CSV with ${best}`];
  throw new Error(
    `${path} begins with "${header.slice(0, 60)}", not with a header such as image,caption: add ` +
      "that line",
  );
}

async function* csvRecords(path: string, delimiter: string): AsyncGenerator<TableRecord> {
  let columns: string[] | undefined;
  for await (const record of readCsvRecords(path, { delimiter })) {
    const row = `${basename(path)}:${record.line}`;
    if ("reason" in record) yield { row, reason: record.reason };
    else if (columns === undefined) columns = record.fields.map((name) => name.trim());
    else if (record.fields.length !== columns.length) {
      yield { row, reason: "malformed, not as many fields as the header" };
    } else {
      const { fields } = record;
      yield { row, values: Object.fromEntries(columns.map((name, i) => [name, fields[i]])) };
    }
  }
}

async function* jsonLines(path: string): AsyncGenerator<TableRecord> {
  for await (const lines of readJsonLines(path)) {
    for (const { line, ...found } of lines) yield { row: `${basename(path)}:${line}`, ...found };
  }
}

/** A list of objects, an object that holds one, or captions by photo. */
function jsonItems(json: unknown, path: string): AsyncIterable<TableRecord> {
  const name = basename(path);
  if (isObject(json) && Array.isArray(json.images)) {
    const kind = Array.isArray(json.annotations)
      ? "coco"
      : json.images.some((image) => Array.isArray(image?.sentences))
      ? "karpathy"
      : undefined;
    if (kind !== undefined) {
      throw new Error(`${path} has the layout of another kind: set dataset.kind to "${kind}"`);
    }
  }
  const list = Array.isArray(json) ? json : isObject(json) ? onlyList(json) : undefined;
  if (list !== undefined) {
    return iterate(list, (values, index) => {
      const row = `${name}: item ${index + 1}`;
      return isObject(values) ? { row, values } : { row, reason: "malformed, not a JSON object" };
    });
  }
  if (isObject(json) && Object.values(json).some((value) => captionsIn(value) !== undefined)) {
    return iterate(Object.entries(json), ([photo, caption]) => ({
      row: `${name}: ${photo}`,
      values: { photo, caption },
    }));
  }
  throw new Error(
    `${path} holds neither a list of objects nor captions by photo: put ${WHAT} there`,
  );
}

/** `{"data": [{…}, …]}`, but not `{"photo.jpg": [{"raw": …}]}` */
function onlyList(json: { [key: string]: unknown }): unknown[] | undefined {
  const lists = Object.values(json).filter((value): value is unknown[] =>
    Array.isArray(value) && isObject(value[0]) && Object.keys(value[0]).length > 1
  );
  return lists.length === 1 ? lists[0] : undefined;
}

async function* iterate<T>(
  items: readonly T[],
  record: (item: T, index: number) => TableRecord,
): AsyncGenerator<TableRecord> {
  for (const [index, item] of items.entries()) yield record(item, index);
}

function captionsOf(
  row: string,
  values: { [column: string]: unknown },
  columns: Columns,
): (FoundCaption | RejectedRow)[] {
  const photo = values[columns.photo];
  if (typeof photo !== "string" && typeof photo !== "number" || photo === "") {
    return [{ row, reason: `malformed, no ${columns.photo}` }];
  }
  const split = splitIn(columns.split === undefined ? undefined : values[columns.split]);
  if (split === null) return [{ row, reason: "unknown split" }];
  const found: string[] = [];
  for (const column of columns.captions) {
    const value = values[column];
    const captions = typeof value === "string" ? captionsInField(value) : captionsIn(value);
    for (const caption of captions ?? []) found.push(caption);
  }
  // Of several columns some may be empty.
  const captions = found.filter((caption) => caption !== "");
  if (captions.length === 0) return [{ row, reason: "empty caption" }];
  return captions.map((caption) => ({
    row,
    photo: String(photo).trim(),
    caption,
    ...split === undefined ? {} : { split },
  }));
}

function splitIn(value: unknown) {
  if (value === undefined || value === null) return undefined;
  return String(value).trim() === "" ? "" : splitOf(String(value)) ?? null;
}
