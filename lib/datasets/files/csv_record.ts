/** A record after another line: complete, continued on the next line, or unreadable. */
export type RecordState = "whole" | "open" | "broken";

/**
 * One record of a CSV file (RFC 4180), parsed line by line. A quotation mark in a field that does not
 * begin with one is text, as is one that the field does not end with; spaces around a quoted field
 * are not part of it.
 */
export class CsvRecordParser {
  /** The complete fields. */
  readonly fields: string[] = [];
  /** The beginning of a quoted field that continues on the next line. */
  #open: string | undefined;
  /** Of the lines so far, those that look like a row of their own. */
  #rows = 0;
  readonly #delimiter: string;
  readonly #isRow: (line: string) => boolean;

  /**
   * @param delimiter between fields: a comma, a semicolon, a tab, …
   * @param isRow whether a line holds what a row has once, such as the name of its photo: a second
   * such line in a record shows that an unmatched quotation mark has swallowed a row
   */
  constructor(delimiter: string, isRow: (line: string) => boolean) {
    this.#delimiter = delimiter;
    this.#isRow = isRow;
  }

  /** Adds the record's next line; only "open" is followed by another. */
  add(line: string): RecordState {
    if (this.#open === undefined) {
      const state = this.#addFields(line, 0);
      if (state === "open") this.#rows = Number(this.#isRow(line));
      return state;
    }
    if (this.#isRow(line) && ++this.#rows > 1) return "broken";
    const end = closingQuote(line, 0);
    this.#open += "\n" + unescaped(line.slice(0, end === -1 ? undefined : end));
    if (end === -1) return "open";
    const next = this.#endAfter(line, end + 1);
    if (next === -1) return "broken";
    this.fields.push(this.#open);
    this.#open = undefined;
    return next === line.length ? "whole" : this.#addFields(line, next + this.#delimiter.length);
  }

  #addFields(line: string, from: number): RecordState {
    for (;;) {
      const start = skipSpaces(line, from);
      let next = -1;
      if (line[start] === '"') {
        const end = closingQuote(line, start + 1);
        const text = unescaped(line.slice(start + 1, end === -1 ? undefined : end));
        if (end === -1 && start === from) {
          this.#open = text;
          return "open";
        }
        if (end !== -1) next = this.#endAfter(line, end + 1);
        const escaped = next === -1 ? this.#escaped(line, start) : undefined;
        if (next !== -1) this.fields.push(text);
        else if (escaped !== undefined) {
          next = escaped.next;
          this.fields.push(escaped.text);
        } else if (start === from) { // not a quoted field after all
          if (this.#opensField(line, end)) return "broken";
          next = this.#find(line, end);
          this.fields.push(`"${text}${line.slice(end, next)}`);
        }
      }
      if (next === -1) {
        next = this.#find(line, from);
        this.fields.push(line.slice(from, next));
      }
      if (next === line.length) return "whole";
      from = next + this.#delimiter.length;
    }
  }

  /** A quoted field in which quotation marks are escaped by a backslash, as some databases do. */
  #escaped(line: string, from: number): { text: string; next: number } | undefined {
    const pattern = /"([^"\\]*(?:\\.[^"\\]*)*)"/y;
    pattern.lastIndex = from;
    const match = pattern.exec(line);
    if (match === null) return undefined;
    const next = this.#endAfter(line, pattern.lastIndex);
    return next === -1 ? undefined : { text: match[1].replace(/\\(["\\])/g, "$1"), next };
  }

  /**
   * Whether a quotation mark begins a field, as in `,"text`: then it closes none, and the one that
   * it would close has no partner.
   */
  #opensField(line: string, quote: number): boolean {
    return line.endsWith(this.#delimiter, quote) && /\S/.test(line[quote + 1] ?? " ");
  }

  /** Where the field ends that holds this position. */
  #find(line: string, from: number): number {
    const next = line.indexOf(this.#delimiter, from);
    return next === -1 ? line.length : next;
  }

  /** Where a quoted field ends, spaces behind it included; -1 if it does not end there. */
  #endAfter(line: string, quote: number): number {
    const at = skipSpaces(line, quote);
    return at === line.length || line.startsWith(this.#delimiter, at) ? at : -1;
  }
}

function skipSpaces(line: string, from: number): number {
  while (line[from] === " ") from++;
  return from;
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
