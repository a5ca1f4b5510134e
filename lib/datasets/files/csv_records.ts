import { parse } from "csv-parse";
import { parse as parseAtOnce } from "csv-parse/sync";
import { readLines } from "./text_lines.ts";

/** A record of a CSV file, or why it cannot be read. */
export type CsvRecord =
  & {
    /** Line on which it begins, from 1 on. */
    line: number;
  }
  & ({ fields: string[] } | { reason: string });

const LINES_AT_ONCE = 1000;

const lenient = { relax_column_count: true, relax_quotes: true, raw: true };

/**
 * The records of a CSV file, its header first, read in pieces; empty lines are left out.
 *
 * Where quotation marks do not match, each line is read on its own, to lose no more than the line.
 *
 * @throws {Error} naming the file, if it is not there or begins like UTF-16
 */
export async function* readCsvRecords(path: string, delimiter: string): AsyncGenerator<CsvRecord> {
  const brokenLines = new Set<number>();
  const parser = new RecordParser(delimiter, brokenLines);
  let text = "";
  for await (const { line, text: content, broken } of readLines(path)) {
    if (broken) brokenLines.add(line);
    text += content + "\n";
    if (line % LINES_AT_ONCE > 0) continue;
    yield* await parser.write(text);
    text = "";
  }
  yield* await parser.write(text);
  yield* await parser.end();
}

/** csv-parse, fed piece by piece, with its records and its failures in one order. */
class RecordParser {
  #found: CsvRecord[] = [];
  #line = 1;
  #parser: ReturnType<typeof parse>;
  /** A line of a field that has what only a row has. */
  #swallowed: RegExp;

  constructor(private delimiter: string, private brokenLines: Set<number>) {
    const escaped = delimiter.replace(/[|\\]/g, "\\$&");
    this.#swallowed = new RegExp(
      `\\n[^\\n]*\\.(jpe?g|png|webp|gif|bmp|tiff?)"?\\s*${escaped}`,
      "i",
    );
    this.#parser = parse({
      delimiter,
      ...lenient,
      skip_records_with_error: true,
      on_record: (found: unknown) => {
        const { raw, record } = found as { raw: string; record: string[] };
        this.#take(raw, record);
        return null;
      },
      on_skip: (_error, raw): undefined => void this.#takeLines(raw!),
    });
    this.#parser.resume();
  }

  write(text: string): Promise<CsvRecord[]> {
    return new Promise((resolve, reject) => {
      this.#parser.write(text, (error) => error ? reject(error) : resolve(this.#taken()));
    });
  }

  end(): Promise<CsvRecord[]> {
    return new Promise((resolve, reject) => {
      this.#parser.once("error", reject);
      this.#parser.once("end", () => resolve(this.#taken()));
      this.#parser.end();
    });
  }

  #taken(): CsvRecord[] {
    const found = this.#found;
    this.#found = [];
    return found;
  }

  #take(raw: string, fields: string[]): void {
    if (fields.some((field) => this.#swallowed.test(field))) return this.#takeLines(raw);
    const line = this.#line;
    let broken = false;
    for (let i = 0; i === 0 || i < raw.split("\n").length - 1; i++) {
      broken = this.brokenLines.delete(this.#line++) || broken;
    }
    if (fields.length === 1 && fields[0].trim() === "") return;
    this.#found.push(broken ? { line, reason: "not UTF-8" } : { line, fields });
  }

  #takeLines(raw: string): void {
    const lines = raw.endsWith("\n") ? raw.slice(0, -1).split("\n") : raw.split("\n");
    for (const text of lines) {
      const line = this.#line++;
      const broken = this.brokenLines.delete(line);
      if (text.trim() === "") continue;
      const fields = this.#parseLine(text);
      if (broken) this.#found.push({ line, reason: "not UTF-8" });
      else if (fields !== undefined) this.#found.push({ line, fields });
      else this.#found.push({ line, reason: "malformed, quotation marks do not match" });
    }
  }

  #parseLine(text: string): string[] | undefined {
    if (!text.includes('"')) return text.split(this.delimiter);
    try {
      const [fields] = parseAtOnce(text, { delimiter: this.delimiter, ...lenient, raw: false });
      return fields;
    } catch {
      return undefined;
    }
  }
}
