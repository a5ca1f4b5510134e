import { extname } from "node:path";
import { writeFileWhole } from "../storage/mod.ts";
import type { CaptionedPhoto } from "./caption_batches.ts";

/** A file of captions as text: how it begins, what a photo adds, how it ends. */
interface CaptionsFormat {
  begin: string;
  /** @param isFirst whether no photo was added yet */
  add(captioned: CaptionedPhoto, isFirst: boolean): string;
  end: string;
}

const formats: Record<string, CaptionsFormat> = {
  ".csv": table(","),
  ".tsv": table("\t"),
  ".jsonl": { begin: "", add: (captioned) => JSON.stringify(captioned) + "\n", end: "" },
  ".json": {
    begin: "[",
    add: (captioned, isFirst) => (isFirst ? "\n" : ",\n") + JSON.stringify(captioned),
    end: "\n]\n",
  },
};

/** Characters that are written together. */
const PIECE = 1 << 16;

/**
 * Refuses a file of captions whose name does not end in `.csv`, `.tsv`, `.jsonl` or `.json`.
 *
 * @throws {RangeError} that says which endings there are
 */
export function checkCaptionsFile(path: string): void {
  formatOf(path);
}

/**
 * Writes captions into a file that appears under its name when all are in it, whatever ends the
 * work before. A table (RFC 4180) has the columns file, caption and log_probability, and photos
 * without a caption are left out; JSON has them too, with their error.
 *
 * @throws {RangeError} if the ending is not that of a format
 */
export async function writeCaptions(
  path: string,
  captioned: AsyncIterable<CaptionedPhoto>,
): Promise<void> {
  const format = formatOf(path);
  const pieces = async function* () {
    const encoder = new TextEncoder();
    let text = format.begin;
    let isFirst = true;
    for await (const one of captioned) {
      text += format.add(one, isFirst);
      isFirst = false;
      if (text.length < PIECE) continue;
      yield encoder.encode(text);
      text = "";
    }
    yield encoder.encode(text + format.end);
  };
  await writeFileWhole(path, pieces());
}

function formatOf(path: string): CaptionsFormat {
  const format = formats[extname(path).toLowerCase()];
  if (format !== undefined) return format;
  throw new RangeError(
    `${path} does not say its format: let it end in .csv, .tsv, .jsonl or .json`,
  );
}

/** A table as RFC 4180 has it, with another delimiter perhaps. */
function table(delimiter: string): CaptionsFormat {
  const row = (fields: string[]) => fields.map(quoted).join(delimiter) + "\r\n";
  const quoted = (field: string) =>
    /["\r\n]|^\s|\s$/.test(field) || field.includes(delimiter)
      ? `"${field.replaceAll('"', '""')}"`
      : field;
  return {
    begin: row(["file", "caption", "log_probability"]),
    add: (captioned) =>
      "error" in captioned
        ? ""
        : row([captioned.photo, captioned.caption, captioned.logProbability.toFixed(6)]),
    end: "",
  };
}
