/** A record after another line: complete, continued on the next line, or unreadable. */
export type RecordState = "whole" | "open" | "broken";

/**
 * One record of a CSV file (RFC 4180), parsed line by line. A quotation mark in a field that does not
 * begin with one is text, as is one that the field does not end with.
 */
export class CsvRecordParser {
  /** The complete fields. */
  readonly fields: string[] = [];
  /** The beginning of a quoted field that continues on the next line. */
  #open: string | undefined;
  readonly #delimiter: string;
  readonly #rowStart: RegExp;

  /**
   * @param delimiter between fields: a comma, a semicolon, a tab, …
   * @param rowStart what only the start of a row matches: found on a field's second or later line, it
   * shows that an unmatched quotation mark has swallowed the rows after it
   */
  constructor(delimiter: string, rowStart: RegExp) {
    this.#delimiter = delimiter;
    this.#rowStart = rowStart;
  }

  /** Adds the record's next line; only "open" is followed by another. */
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
