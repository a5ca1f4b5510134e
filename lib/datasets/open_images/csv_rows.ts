import { basename } from "node:path";
import { type CsvError, parse } from "csv-parse";
import { type CaptionLine, judgeCaption } from "./caption_line.ts";
import { afterMark } from "./text_lines.ts";

/** Bytes that are read at once. */
const PIECE = 1 << 18;

/** What a quotation mark without its partner may swallow before that is noticed. */
const LONGEST = 1 << 18;

/** Where a parser begins: an offset in bytes, and its line. */
interface Place {
  offset: number;
  line: number;
}

/** A row, its first line, and where the one before it ends. */
interface CsvRow {
  fields: string[];
  line: number;
  after: Place;
}

/**
 * The rows of a CSV file whose header names the columns image_id and caption among others, a batch
 * at a time. A quotation mark without its partner costs no more than its own row.
 *
 * @throws {Error} naming the file and its header, if the columns are not there
 */
export async function* readCsvRows(path: string): AsyncGenerator<CaptionLine[]> {
  using file = await Deno.open(path);
  const name = basename(path);
  let columns: Columns | undefined;
  let place: Place | undefined = { offset: 0, line: 1 };
  while (place !== undefined) {
    let broken: Place | undefined;
    for await (const { rows, failed } of parseFrom(file, place, path)) {
      const lines: CaptionLine[] = [];
      for (const { fields, line, after } of rows) {
        if (columns === undefined) columns = findColumns(fields, path);
        else if (fields.some(swallowsRows)) {
          broken = after;
          break;
        } else lines.push(judgeFields(`${name}:${line}`, fields, columns));
      }
      yield lines;
      broken ??= failed;
      if (broken !== undefined) break;
    }
    if (broken === undefined) return;
    const { line, next } = await passRow(file, broken);
    yield [{ row: `${name}:${line}`, reason: "malformed, quotation marks do not match" }];
    place = next;
  }
}

interface Columns {
  id: number;
  caption: number;
  count: number;
}

function findColumns(header: string[], path: string): Columns {
  const names = header.map((name) => name.trim().toLowerCase());
  const [id, caption] = [names.indexOf("image_id"), names.indexOf("caption")];
  if (id >= 0 && caption >= 0) return { id, caption, count: names.length };
  throw new Error(
    `${path} begins with "${header.join(",").slice(0, 60)}", not with a header that has the ` +
      "columns image_id and caption: add that line, or put another file there",
  );
}

function judgeFields(row: string, fields: string[], { id, caption, count }: Columns): CaptionLine {
  let text = fields[caption];
  if (fields.length !== count) {
    const commas = caption === count - 1 && fields.length > count; // of a caption without quotes
    if (!commas) return { row, reason: "malformed, not as many fields as the header has" };
    text = fields.slice(caption).join(",");
  }
  return judgeCaption(row, fields[id].trim(), text);
}

/** Whether a quotation mark without its partner took whole rows into a field. */
function swallowsRows(field: string): boolean {
  return /\n[^\n]*\b[0-9a-f]{16}\b/.test(field);
}

/** Rows from a place on; the place of the row that could not be read, if one could not. */
async function* parseFrom(
  file: Deno.FsFile,
  place: Place,
  path: string,
): AsyncGenerator<{ rows: CsvRow[]; failed?: Place }> {
  await file.seek(place.offset, Deno.SeekMode.Start);
  let rows: CsvRow[] = [];
  let next = place;
  const parser = parse({
    relax_quotes: true,
    relax_column_count: true,
    skip_empty_lines: true,
    record_delimiter: ["\r\n", "\n"],
    max_record_size: LONGEST,
    on_record: (fields: string[], { bytes, lines }) => {
      const inside = fields.reduce((sum, field) => sum + field.split("\n").length - 1, 0);
      rows.push({ fields, line: place.line + lines - 1 - inside, after: next });
      next = { offset: place.offset + bytes, line: place.line + lines };
      return null; // nothing for its readable side
    },
  });
  parser.on("error", () => {}); // it comes to write() and end() as well
  const step = (begin: (done: (error?: Error | null) => void) => void) =>
    new Promise<void>((resolve, reject) => begin((error) => error ? reject(error) : resolve()));
  for (let first = place.offset === 0, more = true; more; first = false) {
    let piece = new Uint8Array(PIECE);
    const size = await file.read(piece);
    more = size !== null;
    piece = piece.subarray(0, size ?? 0);
    if (first) {
      const text = afterMark(piece, path);
      place = { ...place, offset: piece.length - text.length };
      next = place;
      piece = text;
    }
    let failed: Place | undefined;
    try {
      await step((done) => more ? parser.write(piece, done) : parser.end(done));
    } catch (error) {
      if (!(error as CsvError).code?.startsWith("CSV_")) throw error;
      failed = next;
    }
    yield { rows, failed };
    if (failed !== undefined) return;
    rows = [];
  }
}

/** The line of the first row after a place, and where its next line begins, if there is one. */
async function passRow(
  file: Deno.FsFile,
  { offset, line }: Place,
): Promise<{ line: number; next?: Place }> {
  await file.seek(offset, Deno.SeekMode.Start);
  const piece = new Uint8Array(PIECE);
  let begun = false;
  for (let size; (size = await file.read(piece)) !== null; offset += size) {
    for (let at = 0; at < size; at++) {
      if (piece[at] === 10 && begun) {
        return { line, next: { offset: offset + at + 1, line: line + 1 } };
      }
      if (piece[at] === 10) line++;
      else if (piece[at] !== 13) begun = true;
    }
  }
  return { line };
}
