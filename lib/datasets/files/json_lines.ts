import { parseExactJson } from "./exact_json.ts";
import { isCutOff, isObject } from "./json_file.ts";
import { readJsonKeys } from "./json_keys.ts";
import { readLineBatches, type TextLine } from "./text_lines.ts";

/** An object of a file of JSON lines, or why the line cannot be used. */
export type JsonLine =
  & {
    /** From 1 on. */
    line: number;
  }
  & (
    | {
      values: Record<string, unknown>;
      /** A key that it has more than once, if such are looked for. */
      repeated?: string;
    }
    | { reason: string }
  );

/**
 * The objects of a file of JSON lines in batches; empty lines are skipped, and memory does not grow
 * with the file.
 *
 * @param keys whether to look for keys that an object has more than once, which takes longer
 * @throws {Error} naming the file, if it is missing, begins like UTF-16, or its last line is cut off,
 * as in a file that was not copied completely
 */
export async function* readJsonLines(path: string, keys = false): AsyncGenerator<JsonLine[]> {
  let cutOff: unknown; // the error of the last line, if it is cut off
  const parse = ({ line, text, reason }: TextLine): JsonLine => {
    cutOff = undefined;
    if (reason !== undefined) return { line, reason };
    try {
      const values = parseExactJson(text);
      if (!isObject(values)) return { line, reason: "malformed, not a JSON object" };
      const repeated = keys ? readJsonKeys(text).repeated?.key : undefined;
      return repeated === undefined ? { line, values } : { line, values, repeated };
    } catch (error) {
      if (isCutOff(error)) cutOff = error;
      return { line, reason: "malformed, not JSON" };
    }
  };
  for await (const lines of readLineBatches(path)) {
    yield lines.filter(({ text }) => text.trim() !== "").map(parse);
  }
  if (cutOff === undefined) return;
  throw new Error(
    `${path} ends in the middle: download it again, as it was not copied completely`,
    {
      cause: cutOff,
    },
  );
}
