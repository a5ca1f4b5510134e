import { CsvRecordParser } from "./csv_record.ts";
import { readLineBatches, type ReadLinesOptions, type TextLine } from "./text_lines.ts";

/** A record of a CSV file, or why it cannot be read. */
export type CsvRecord =
  & {
    /** Line on which it begins, from 1 on. */
    line: number;
  }
  & ({ fields: string[] } | { reason: string });

/** How the records of a CSV file are read. */
export interface ReadCsvOptions extends Pick<ReadLinesOptions, "onBytes"> {
  /**
   * Separates fields.
   *
   * @default {","}
   */
  delimiter?: string;
  /**
   * Whether a line holds what a row has once; by default a photo's name before the delimiter. Two such
   * lines are never one record.
   */
  isRow?(line: string): boolean;
}

/** Characters of the longest record with line ends in it. */
const LONGEST = 1 << 18;

/**
 * The records of a CSV file, its header first; empty lines, and those of delimiters alone, are
 * skipped, and memory does not grow with the file.
 *
 * An unmatched quotation mark costs no more than its own line: parsing resumes on the next one.
 *
 * @throws {Error} naming the file, if it is missing or begins like UTF-16
 */
export async function* readCsvRecords(
  path: string,
  options: ReadCsvOptions = {},
): AsyncGenerator<CsvRecord> {
  for await (const records of readCsvBatches(path, options)) yield* records;
}

/** Like {@linkcode readCsvRecords}, in batches, which is faster for many short records. */
export async function* readCsvBatches(
  path: string,
  { delimiter = ",", isRow = photoBefore(delimiter), onBytes }: ReadCsvOptions = {},
): AsyncGenerator<CsvRecord[]> {
  const reader = new RecordReader(() => new CsvRecordParser(delimiter, isRow));
  for await (const lines of readLineBatches(path, { onBytes })) yield reader.read(lines);
  yield reader.end();
}

function photoBefore(delimiter: string): (line: string) => boolean {
  const escaped = delimiter.replace(/[|\\]/g, "\\$&");
  const pattern = new RegExp(`\\.(jpe?g|png|webp|gif|bmp|tiff?)"?\\s*${escaped}`, "i");
  return (line) => pattern.test(line);
}

class RecordReader {
  /** Lines of an incomplete record, and their length in characters. */
  #begun: TextLine[] = [];
  #length = 0;
  #parser: CsvRecordParser;
  readonly #newParser: () => CsvRecordParser;

  constructor(newParser: () => CsvRecordParser) {
    this.#newParser = newParser;
    this.#parser = newParser();
  }

  read(lines: readonly TextLine[]): CsvRecord[] {
    const found: CsvRecord[] = [];
    const waiting = lines.toReversed(); // the next one last
    for (let line; (line = waiting.pop()) !== undefined;) {
      this.#begun.push(line);
      this.#length += line.text.length + 1;
      const state = this.#parser.add(line.text);
      if (state === "whole") this.#take(found);
      else if (state === "broken" || this.#length > LONGEST) this.#reject(found, waiting);
    }
    return found;
  }

  /** The remaining records, which are broken as a field is still open. */
  end(): CsvRecord[] {
    const found: CsvRecord[] = [];
    while (this.#begun.length > 0) {
      const waiting: TextLine[] = [];
      this.#reject(found, waiting);
      for (const record of this.read(waiting.reverse())) found.push(record);
    }
    return found;
  }

  #take(found: CsvRecord[]): void {
    const [{ line }] = this.#begun;
    const { fields } = this.#parser;
    const reason = this.#begun.find(({ reason }) => reason !== undefined)?.reason;
    this.#clear();
    if (reason !== undefined) found.push({ line, reason });
    else if (fields.some((field) => field.trim() !== "")) found.push({ line, fields });
  }

  /** Rejects the record's first line, and puts the others back. */
  #reject(found: CsvRecord[], waiting: TextLine[]): void {
    const [{ line, reason = "malformed, quotation marks do not match" }, ...others] = this.#begun;
    found.push({ line, reason });
    for (const other of others.reverse()) waiting.push(other);
    this.#clear();
  }

  #clear(): void {
    this.#begun = [];
    this.#length = 0;
    this.#parser = this.#newParser();
  }
}
