import { basename } from "node:path";
import { type CsvRecord, readCsvRecords } from "../files/csv_records.ts";
import { formOf, hasPhoto, namesPhoto } from "../files/photo_rows.ts";
import { type Columns, hasUsualName, MOST_COLUMNS, type NamedColumns } from "./columns.ts";
import { fitFields } from "./fit_fields.ts";
import { judgeNoHeader, type NoHeader } from "./no_header.ts";
import type { ReadTableOptions, Table, TableRecord } from "./table.ts";

/** Rows that show what is in the columns. */
const SAMPLE = 100;

/**
 * Opens a CSV or TSV file with any of the usual delimiters, with or without a header.
 *
 * @param first its first line that is not empty
 * @param second the one after it
 * @throws {Error} naming the file and its first line, if that tells nothing
 */
export async function openCsvTable(
  path: string,
  first: string,
  second: string,
  options: ReadTableOptions,
): Promise<Table> {
  const excel = /^"?sep=(.?)"?[,;|\s]*$/i.exec(first);
  const header = excel === null ? first : second;
  const delimiters = excel === null ? delimitersIn(header, path) : [excel[1] || "\t"];
  if (delimiters.length === 0 || header === "") {
    throw new Error(
      `${path} begins with "${
        header.slice(0, 60)
      }", not with a header such as image,caption: add ` +
        "that line",
    );
  }
  const starts: Start[] = [];
  for (const delimiter of delimiters) starts.push(await readStart(path, delimiter, options));
  const start = starts.find(({ isHeader }) => isHeader) ??
    starts.find(({ noHeader }) => noHeader?.sure) ??
    starts.find(({ noHeader }) => noHeader !== undefined) ?? starts[0];
  if (start.noHeader !== undefined) {
    checkColumns(start.noHeader, options.named, path, start.rows[0]);
  }
  return new CsvTable(path, start, options.isPhoto);
}

/** The first rows, as one of the delimiters separates them. */
interface Start {
  delimiter: string;
  rows: string[][];
  /** Whether the first row has names of columns that are usual, or named by the settings. */
  isHeader: boolean;
  noHeader: NoHeader | undefined;
}

/** Delimiters in a line, the most frequent first. */
function delimitersIn(line: string, path: string): string[] {
  if (/\.tsv(\.gz)?$/i.test(path) && line.includes("\t")) return ["\t"];
  const count = (delimiter: string) => line.split(delimiter).length;
  return [",", "\t", ";", "|"].filter((delimiter) => count(delimiter) > 1)
    .sort((a, b) => count(b) - count(a));
}

async function readStart(
  path: string,
  delimiter: string,
  { named, isPhoto }: ReadTableOptions,
): Promise<Start> {
  const rows: string[][] = [];
  for await (const record of readCsvRows(path, delimiter)) {
    if ("fields" in record) rows.push(record.fields);
    else if (rows.length === 0) {
      throw new Error(
        record.reason === "not UTF-8"
          ? `${path} is not UTF-8 in line ${record.line}: save it as UTF-8`
          : `${path} begins with a header that is ${record.reason}: correct line ${record.line}`,
      );
    }
    if (rows.length > SAMPLE) break;
  }
  const header = rows[0].map((name) => name.trim());
  if (header.length > MOST_COLUMNS) return { delimiter, rows, isHeader: true, noHeader: undefined };
  const isHeader = hasUsualName(header, "photo") || hasUsualName(header, "captions") ||
    namesOf(named).some((name) => header.includes(name));
  const noHeader = isHeader ? undefined : judgeNoHeader(rows, isPhoto);
  return { delimiter, rows, isHeader, noHeader };
}

function namesOf({ photo, captions, split }: NamedColumns = {}): string[] {
  return [photo, captions, split].flat().filter((name) => name !== undefined);
}

/** The records of a CSV file without Excel's line `sep=;`. */
async function* readCsvRows(
  path: string,
  delimiter: string,
  isRow?: (line: string) => boolean,
): AsyncGenerator<CsvRecord> {
  let first = true;
  for await (const record of readCsvRecords(path, { delimiter, isRow })) {
    const isSep = first && "fields" in record && /^sep=.?$/i.test(record.fields.join(""));
    first = false;
    if (!isSep) yield record;
  }
}

/** @throws {Error} if the columns of a file without a header are neither plain nor named */
function checkColumns(
  { columns, names }: NoHeader,
  named: NamedColumns | undefined,
  path: string,
  first: readonly string[],
): void {
  const chosen = namesOf(named);
  const known = chosen.every((name) => names.includes(name));
  if (
    known && (columns !== undefined || named?.photo !== undefined && named.captions !== undefined)
  ) {
    return;
  }
  throw new Error(
    `${path} has no header, as its first line is a row (${first.join(", ").slice(0, 60)}): add a ` +
      "line before it that names the columns, such as image,caption" +
      (named === undefined
        ? ""
        : ", or set dataset.columns.photo and dataset.columns.captions to " +
          `${names.join(", ")}, whichever they are`),
  );
}

class CsvTable implements Table {
  readonly format: string;
  readonly names: string[];
  readonly sameNames = new Map<string, string[]>();
  readonly columns?: Columns;
  readonly sample: readonly { [column: string]: string }[];
  readonly #path: string;
  readonly #delimiter: string;
  readonly #hasHeader: boolean;
  readonly #isPhoto: (name: string) => boolean;
  #joined = 0;
  #firstJoined = "";

  constructor(
    path: string,
    { delimiter, rows, noHeader }: Start,
    isPhoto: (name: string) => boolean,
  ) {
    this.#path = path;
    this.#delimiter = delimiter;
    this.#hasHeader = noHeader === undefined;
    this.#isPhoto = isPhoto;
    this.columns = noHeader?.columns;
    this.names = noHeader?.names ?? this.#distinct(rows[0]);
    const kind = delimiter === "\t" ? "TSV" : `CSV with ${delimiter}`;
    this.format = this.#hasHeader ? kind : `${kind} without a header`;
    this.sample = (this.#hasHeader ? rows.slice(1) : rows).map((row) => this.#values(row));
  }

  async *records(columns: Columns): AsyncGenerator<TableRecord> {
    let header = this.#hasHeader;
    for await (const record of readCsvRows(this.#path, this.#delimiter, this.#rowTest(columns))) {
      const row = `${basename(this.#path)}:${record.line}`;
      if ("reason" in record) yield { row, reason: record.reason };
      else if (header) header = false;
      else yield this.#fit(row, record.fields, columns);
    }
  }

  notes(): string[] {
    if (this.#joined === 0) return [];
    const rows = this.#joined === 1
      ? "1 row has"
      : `${this.#joined.toLocaleString("en")} rows have`;
    return [
      `${rows} more fields than columns, such as ${this.#firstJoined}: the caption is taken to hold ` +
      JSON.stringify(this.#delimiter),
    ];
  }

  /** Several columns of one name are numbered: `caption (2)`; one without a name is `column 3`. */
  #distinct(header: readonly string[]): string[] {
    const names = new Map<string, string[]>();
    const distinct = header.map((field, index) => {
      const name = field.trim() || `column ${index + 1}`;
      const same = names.get(name) ?? [];
      names.set(name, same);
      same.push(same.length === 0 ? name : `${name} (${same.length + 1})`);
      return same.at(-1)!;
    });
    for (const [name, same] of names) {
      if (same.length > 1) this.sameNames.set(name, same);
    }
    return distinct;
  }

  #values(fields: readonly string[]): { [column: string]: string } {
    return Object.fromEntries(this.names.map((name, at) => [name, fields[at] ?? ""]));
  }

  #fit(row: string, found: readonly string[], columns: Columns): TableRecord {
    const fitted = fitFields(found, this.names, columns, this.#delimiter);
    if (fitted === undefined) {
      const how = found.length < this.names.length ? "fewer" : "more";
      return { row, reason: `malformed, ${how} fields than the header` };
    }
    if (fitted.joined && this.#joined++ === 0) this.#firstJoined = row;
    return { row, values: this.#values(fitted.fields) };
  }

  /** Recognises a line by its photo: one on the disk, or a name like those in the first rows. */
  #rowTest({ photo }: Columns): (line: string) => boolean {
    const forms = new Set(this.sample.map((values) => formOf(values[photo])));
    forms.delete(undefined);
    const column = { at: this.names.indexOf(photo), width: this.names.length };
    return hasPhoto(
      { ...column, delimiter: this.#delimiter },
      (field) => namesPhoto(field, this.#isPhoto) || forms.has(formOf(field)),
    );
  }
}
