import { checkContent, isNotFound, LARGEST_TEXT, readInput, sha256 } from "../../storage/mod.ts";
import { JsonError } from "../../text/mod.ts";
import { decodeText } from "./decode_text.ts";
import { parseExactJson } from "./exact_json.ts";

/** Contents of a JSON file. */
export interface JsonFile {
  json: unknown;
  text: string;
  /** SHA-256 of its bytes. */
  digest: string;
}

/**
 * Reads a whole JSON file.
 *
 * @param what it should be, such as "COCO's captions"
 * @throws {Error} naming the file, if it is missing, not UTF-8, cut off, or not JSON
 */
export async function readJson(path: string, what: string): Promise<JsonFile> {
  const bytes = await readInput(path, LARGEST_TEXT).catch((cause) => {
    if (!isNotFound(cause)) throw cause;
    throw new Error(`There is no ${path}: put ${what} there`, { cause });
  });
  checkContent(path, bytes, "JSON", ["text", "JSON"]);
  const { text, brokenLines } = decodeText(bytes, path);
  if (brokenLines.size > 0) {
    const [line] = brokenLines;
    throw new Error(`${path} is not UTF-8 in line ${line}: save it as UTF-8, or download it again`);
  }
  return { json: parseJson(text, path, what), text, digest: sha256(bytes) };
}

/**
 * Parses the text of a JSON file, long integers exactly.
 *
 * @throws {Error} naming the file and, where it has several lines, the line, if it is not JSON
 */
export function parseJson(text: string, path: string, what: string): unknown {
  if (text.trim() === "") throw new Error(`${path} is empty: put ${what} there`);
  try {
    return parseExactJson(text);
  } catch (cause) {
    if (isCutOff(cause)) {
      throw new Error(
        `${path} ends in the middle: download it again, as it was not copied completely`,
        {
          cause,
        },
      );
    }
    throw new Error(`${path} is not JSON (${(cause as Error).message}): put ${what} there`, {
      cause,
    });
  }
}

/** Whether an error of parsing says that a text of JSON ends too early. */
export function isCutOff(error: unknown): boolean {
  return error instanceof JsonError && error.isCutOff;
}

/** Whether a value is an object with keys. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
