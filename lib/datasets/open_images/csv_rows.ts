import { basename } from "node:path";
import { readCsvBatches } from "../files/csv_records.ts";
import { type CaptionLine, judgeCaption } from "./caption_line.ts";

/**
 * The rows of a CSV file whose header names the columns image_id and caption among others, a batch
 * at a time.
 *
 * @throws {Error} naming the file and its header, if a column is missing
 */
export async function* readCsvRows(path: string): AsyncGenerator<CaptionLine[]> {
  const name = basename(path);
  const isRow = (line: string) => /\b[0-9a-f]{16}\b/.test(line);
  let columns: Columns | undefined;
  for await (const records of readCsvBatches(path, { isRow })) {
    const lines: CaptionLine[] = [];
    for (const record of records) {
      const row = `${name}:${record.line}`;
      if ("reason" in record) lines.push({ row, reason: record.reason });
      else if (columns === undefined) columns = findColumns(record.fields, path);
      else lines.push(judgeFields(row, record.fields, columns));
    }
    yield lines;
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
    const commas = caption === count - 1 && fields.length > count; // of an unquoted caption
    const how = fields.length < count ? "fewer" : "more";
    if (!commas) return { row, reason: `malformed, ${how} fields than the header` };
    text = fields.slice(caption).join(",");
  }
  return judgeCaption(row, fields[id].trim(), text);
}
