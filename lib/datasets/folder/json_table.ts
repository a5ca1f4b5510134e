import { basename } from "node:path";
import { captionsIn } from "../files/caption_text.ts";
import { isObject, readJson } from "../files/json_file.ts";
import { type JsonKeys, readJsonKeys } from "../files/json_keys.ts";
import { describeRepeated } from "../files/repeated_keys.ts";
import { splitOf } from "../splits.ts";
import { hasUsualName } from "./columns.ts";
import { type ReadTableOptions, type Table, type TableRecord, WHAT } from "./table.ts";

type Values = { [column: string]: unknown };

/**
 * Opens a JSON file: a list of objects, or an object that holds one, captions by photo, columns as
 * pandas writes them, or any of these by split.
 *
 * @throws {Error} naming the file, if it is anything else
 */
export async function openJsonTable(path: string, options: ReadTableOptions): Promise<Table> {
  const { json, text } = await readJson(path, WHAT);
  checkKind(json, path);
  const keys = readJsonKeys(text);
  checkSplitLists(json, path, options);
  const reader = new ItemReader(options.isPhoto, keys);
  const records = reader.read(json, `${basename(path)}: `, []);
  if (records === undefined) {
    throw new Error(
      `${path} holds neither a list of objects nor captions by photo: put ${WHAT} there`,
    );
  }
  const rows = records.flatMap((record) => "values" in record ? [record.values] : []);
  return {
    format: "JSON",
    names: namesIn(rows),
    key: reader.key,
    sample: rows.slice(0, 100),
    records: () => records,
    notes: () => describeRepeated(path, keys),
  };
}

/** Keys of objects, of which some may lack some. */
export function namesIn(rows: Iterable<Values>): string[] {
  const names = new Set<string>();
  for (const values of rows) for (const name of Object.keys(values)) names.add(name);
  return [...names];
}

function checkKind(json: unknown, path: string): void {
  if (!isObject(json) || !Array.isArray(json.images)) return;
  const kind = Array.isArray(json.annotations)
    ? "coco"
    : json.images.some((image) => Array.isArray(image?.sentences))
    ? "karpathy"
    : undefined;
  if (kind !== undefined) {
    throw new Error(`${path} has the layout of another kind: set dataset.kind to "${kind}"`);
  }
}

/** @throws {Error} if the photos of splits are listed beside the captions: silently left out, test photos would be trained on */
function checkSplitLists(json: unknown, path: string, { splits }: ReadTableOptions): void {
  if (!splits || !isObject(json)) return;
  const isList = ([word, list]: [string, unknown]) =>
    splitOf(word) !== undefined && Array.isArray(list) && list.length > 0 &&
    list.every((one) => typeof one !== "object");
  const entries = Object.entries(json);
  const lists = entries.filter(isList);
  if (lists.length === 0 || lists.length === entries.length) return;
  throw new Error(
    `${path} lists the photos of ${lists.map(([word]) => word).join(", ")} beside the captions, ` +
      'which is not read: give each photo its "split", or set dataset.split to shares of train, ' +
      "dev and test",
  );
}

/** Finds the rows in a JSON value; undefined stands for a layout that is not known. */
class ItemReader {
  /** The column of an object's keys, where it has photos by key. */
  key: string | undefined;
  readonly #isPhoto: (name: string) => boolean;
  readonly #keys: JsonKeys;

  constructor(isPhoto: (name: string) => boolean, keys: JsonKeys) {
    this.#isPhoto = isPhoto;
    this.#keys = keys;
  }

  /**
   * @param where start of the rows' names
   * @param path keys that lead to the value
   */
  read(json: unknown, where: string, path: readonly string[]): TableRecord[] | undefined {
    if (Array.isArray(json)) return listed(json, where);
    if (!isObject(json)) return undefined;
    return this.#bySplit(json, where, path) ?? byColumn(json, where) ??
      this.#wrapped(json, where, path) ?? this.#byPhoto(json, where, path);
  }

  /** Keys and values in the order of the file. */
  #entries(json: Values, path: readonly string[]): [string, unknown][] {
    return (this.#keys.of(path) ?? Object.keys(json)).map((key) => [key, json[key]]);
  }

  /** `{"train": […], "val": […]}` */
  #bySplit(
    json: Values,
    where: string,
    path: readonly string[],
  ): TableRecord[] | undefined {
    const parts = Object.entries(json);
    const isSplit = ([word, part]: [string, unknown]) =>
      splitOf(word) !== undefined &&
      (isObject(part) || Array.isArray(part) && part.every((one) => typeof one === "object"));
    if (parts.length === 0 || !parts.every(isSplit)) return undefined;
    const found: TableRecord[] = [];
    for (const [split, part] of parts) {
      const records = this.read(part, `${where}${split}, `, [...path, split]);
      if (records === undefined) return undefined;
      for (const record of records) {
        found.push(
          "values" in record ? { ...record, values: { split, ...record.values } } : record,
        );
      }
    }
    return found;
  }

  /** `{"data": [{…}, …]}`, but not `{"photo.jpg": [{"raw": …}]}` */
  #wrapped(
    json: Values,
    where: string,
    path: readonly string[],
  ): TableRecord[] | undefined {
    const isTable = ([name, value]: [string, unknown]) =>
      Array.isArray(value)
        ? isObject(value[0]) && Object.keys(value[0]).length > 1 && !this.#isPhoto(name)
        : isObject(value) && captionsIn(value) === undefined && !this.#isPhoto(name) &&
          Object.values(value).some((one) => captionsIn(one) !== undefined) &&
          !hasUsualName(Object.keys(value), "captions");
    const tables = Object.entries(json).filter(isTable);
    if (tables.length !== 1) return undefined;
    const [[key, table]] = tables;
    return this.read(table, where, [...path, key]);
  }

  /** `{"photo.jpg": …}` with a caption, a list of them, or an object with them and more. */
  #byPhoto(
    json: Values,
    where: string,
    path: readonly string[],
  ): TableRecord[] | undefined {
    const entries = this.#entries(json, path);
    const isRow = (value: unknown): value is Values =>
      isObject(value) && hasUsualName(Object.keys(value), "captions");
    if (!entries.some(([, value]) => isRow(value) || captionsIn(value) !== undefined)) {
      return undefined;
    }
    const taken = entries.some(([, value]) => isRow(value) && Object.hasOwn(value, "photo"));
    const key = this.key = taken ? "(key)" : "photo";
    return entries.map(([photo, value]) => ({
      row: where + photo,
      values: isRow(value) ? { ...value, [key]: photo } : { [key]: photo, caption: value },
    }));
  }
}

/** `[{…}, …]`, or pairs of photo and captions. */
function listed(items: readonly unknown[], where: string): TableRecord[] {
  return items.map((item, index) => {
    const row = `${where}item ${index + 1}`;
    if (isObject(item)) return { row, values: item };
    if (Array.isArray(item) && item.length === 2 && !Array.isArray(item[0])) {
      return { row, values: { photo: item[0], caption: item[1] } };
    }
    return { row, reason: "malformed, not a JSON object" };
  });
}

/**
 * `{"image": […], "caption": […]}`, `{"image": {"0": …}, …}` or `{"columns": […], "data": [[…], …]}`,
 * as pandas' `to_json` and `to_dict` write tables.
 */
function byColumn(json: Values, where: string): TableRecord[] | undefined {
  const record = (values: Values, index: number) => ({ row: `${where}item ${index + 1}`, values });
  const { columns, data } = json;
  if (Array.isArray(columns) && Array.isArray(data) && data.every(Array.isArray)) {
    return data.map((row, index) =>
      record(Object.fromEntries(columns.map((name, at) => [String(name), row[at]])), index)
    );
  }
  const names = Object.keys(json);
  if (!hasUsualName(names, "photo") || !hasUsualName(names, "captions")) return undefined;
  const lists = names.map((name) => valuesOf(json[name]));
  const [first] = lists;
  if (!lists.every((list) => list !== undefined && list.length === first?.length)) return undefined;
  return first!.map((_, index) =>
    record(Object.fromEntries(names.map((name, at) => [name, lists[at]![index]])), index)
  );
}

function valuesOf(column: unknown): unknown[] | undefined {
  if (Array.isArray(column)) return column;
  return isObject(column) ? Object.values(column) : undefined;
}
