/** What a line made of a record: it ends, it goes over the line, or it cannot be read. */
export type RecordState = "whole" | "open" | "broken";

/**
 * One record of a CSV file (RFC 4180), given line by line. A quotation mark within a field that does
 * not begin with one is text, as is one that is followed by anything but the field's end.
 */
export class CsvRecordParser {
  /** The fields that have ended. */
  readonly fields: string[] = [];
  /** A quoted field that goes over the line, as far as it has come. */
  #open: string | undefined;
  readonly #delimiter: string;
  readonly #rowStart: RegExp;

  /**
   * @param delimiter between fields: a comma, a semicolon, a tab, …
   * @param rowStart what no field's second or later line has: the record is broken then, as a
   * quotation mark without its partner has taken in the rows after it
   */
  constructor(delimiter: string, rowStart: RegExp) {
    this.#delimiter = delimiter;
    this.#rowStart = rowStart;
  }

  /** Takes the record's next line; after anything but "open" there is none. */
  add(line: string): RecordState {
    let from = 0;
    if (this.#open !== undefined) {
      const end = closingQuote(line, 0);
      const text = line.slice(0, end === -1 ? undefined : end);
      if (this.#rowStart.test(text)) return "broken";
      this.#open += "\n" + unescaped(text);
      if (end === -1) return "open";
      if (!this.#endsAt(line, end + 1)) return "broken";
      this.fields.push(this.#open);
      this.#open = undefined;
      if (end + 1 === line.length) return "whole";
      from = end + 1 + this.#delimiter.length;
    }
    return this.#addFields(line, from);
  }

  #addFields(line: string, from: number): RecordState {
    for (;;) {
      let text = "";
      let rest = from;
      if (line[from] === '"') {
        const end = closingQuote(line, from + 1);
        text = unescaped(line.slice(from + 1, end === -1 ? undefined : end));
        if (end === -1) {
          this.#open = text;
          return "open";
        }
        if (this.#endsAt(line, end + 1)) rest = end + 1;
        else {
          text = `"${text}`; // not a quoted field after all
          rest = end;
        }
      }
      const next = line.indexOf(this.#delimiter, rest);
      this.fields.push(text + line.slice(rest, next === -1 ? undefined : next));
      if (next === -1) return "whole";
      from = next + this.#delimiter.length;
    }
  }

  #endsAt(line: string, at: number): boolean {
    return at === line.length || line.startsWith(this.#delimiter, at);
  }
}

function closingQuote(line: string, from: number): number {
  for (let at = line.indexOf('"', from); at !== -1; at = line.indexOf('"', at + 2)) {
    if (line[at + 1] !== '"') return at;
  }
  return -1;
}

function unescaped(text: string): string {
  return text.replaceAll('""', '"');
}
