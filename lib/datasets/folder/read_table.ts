import type { FoundCaption } from "../found_dataset.ts";
import { captionsInField } from "../files/caption_text.ts";
import type { RejectedRow } from "../dataset_source.ts";
import { separateCaptions } from "./joined_captions.ts";
import { joinWordLists } from "./word_lists.ts";
import { chooseColumns, type Columns, describeColumns } from "./columns.ts";
import { openTable } from "./open_table.ts";
import { SplitWords } from "../split_words.ts";
import { OBEYS_OWN } from "../splits.ts";
import { findSplitColumn } from "./split_column.ts";
import { photoIn, type ReadTableOptions, type Table, WHAT } from "./table.ts";

/** Captions of a plain file. */
export interface CaptionsTable {
  rows: (FoundCaption | RejectedRow)[];
  /** Its format and columns, and what else was found, in sentences. */
  notes: string[];
  /** The column, or key, of the photos' names. */
  nameColumn: string;
}

/**
 * Reads a CSV, TSV, JSON or JSON lines file of photos and captions.
 *
 * @throws {Error} naming the file and what is wrong with it
 */
export async function readTable(path: string, options: ReadTableOptions): Promise<CaptionsTable> {
  const table = await openTable(path, options);
  const columns = await columnsOf(table, path, options);
  const other = options.splits && columns.split === undefined
    ? await findSplitColumn(table, columns, path)
    : {};
  const all = { ...columns, split: columns.split ?? other.column };
  const used = options.splits ? all : { ...all, split: undefined };
  const splits = new SplitWords();
  const found: (CaptionsRow | RejectedRow)[] = [];
  for await (const record of table.records(all)) {
    if ("reason" in record) found.push(record);
    else for (const row of readRow(record.row, record.values, used, splits)) found.push(row);
  }
  if (found.length === 0) throw await noCaptions(table, path);
  splits.check(path);
  const notes = [`${path} is ${table.format}: ${describeColumns(used, options.splits)}`];
  if (other.note !== undefined) notes.push(other.note);
  if (columns.split !== undefined && used.split === undefined) {
    notes.push(
      `${path}: its column ${columns.split} is not read, as dataset.split has shares; ${OBEYS_OWN}`,
    );
  }
  for (const regroup of [joinWordLists, separateCaptions]) {
    const note = regroup(found);
    if (note !== undefined) notes.push(note);
  }
  const rows = found.flatMap((row): CaptionsTable["rows"] =>
    "reason" in row ? [row] : captionsOf(row)
  );
  return {
    rows,
    notes: [...notes, ...table.notes(), ...splits.notes()],
    nameColumn: columns.photo,
  };
}

async function columnsOf(
  table: Table,
  path: string,
  { named, isPhoto }: ReadTableOptions,
): Promise<Columns> {
  if (table.names.length === 0) throw await noCaptions(table, path);
  const guessed = named?.photo === undefined && named?.captions === undefined;
  if (table.columns !== undefined && guessed) return table.columns;
  const photosIn = (column: string) => {
    const names = table.sample.map((values) => photoIn(values[column]));
    return names.filter((name) => name !== undefined && isPhoto(name)).length / names.length;
  };
  return chooseColumns({ ...table, photosIn }, named, path);
}

async function noCaptions(table: Table, path: string): Promise<Error> {
  let first = "";
  for await (const record of table.records({ photo: "", captions: [] })) {
    if (!("reason" in record)) continue;
    if (record.reason === "not UTF-8") {
      return new Error(`${path} is not UTF-8, first in ${record.row}: save it as UTF-8`);
    }
    first = ` (${record.row}: ${record.reason})`;
    break;
  }
  return new Error(`${path} holds no captions${first}: put ${WHAT} there`);
}

/** A row with its captions, those of each column. */
interface CaptionsRow extends Omit<FoundCaption, "caption"> {
  columns: {
    captions: string[];
    /** Whether they are a list's. */
    list: boolean;
  }[];
}

function readRow(
  row: string,
  values: { [column: string]: unknown },
  columns: Columns,
  splits: SplitWords,
): (CaptionsRow | RejectedRow)[] {
  const photo = photoIn(values[columns.photo]);
  if (photo === undefined) return [{ row, reason: `malformed, no ${columns.photo}` }];
  const split = columns.split === undefined ? undefined : splits.read(values[columns.split]);
  if (typeof split === "object") return [{ row, reason: split.reason }];
  const rejected: RejectedRow[] = [];
  const found: CaptionsRow["columns"] = [];
  for (const column of columns.captions) {
    const captions = captionsInField(values[column]);
    if ("reason" in captions) rejected.push({ row, reason: captions.reason });
    // Of several columns some may be empty.
    else if (captions.captions.some(Boolean)) found.push(captions);
  }
  if (found.length === 0) {
    return rejected.length > 0 ? rejected : [{ row, reason: "empty caption" }];
  }
  return [{ row, photo, ...split === undefined ? {} : { split }, columns: found }, ...rejected];
}

function captionsOf({ columns, ...row }: CaptionsRow): FoundCaption[] {
  return columns.flatMap(({ captions }) => captions.filter(Boolean))
    .map((caption) => ({ ...row, caption }));
}
