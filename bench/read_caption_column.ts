import { readCsvRecords } from "../lib/datasets/files/csv_records.ts";

/**
 * The captions of a CSV file of image and caption with one line of headings.
 *
 * @throws {Error} if none is named, or it holds none
 */
export async function readCaptionColumn(path: string | undefined): Promise<string[]> {
  if (path === undefined) throw new Error("--captions: a CSV file of image and caption");
  const captions: string[] = [];
  for await (const record of readCsvRecords(path)) {
    if ("fields" in record && record.fields.length > 1) captions.push(record.fields[1]);
  }
  if (captions.length < 2) {
    throw new Error(`--captions=${path} holds no captions below its heading`);
  }
  return captions.slice(1);
}
