import { parseJson } from "../../text/mod.ts";

/**
 * Parses JSON as Python's `json` does: an integer that a JavaScript number would round becomes a
 * BigInt, as ids may be; `NaN` and `Infinity`, which Python writes for what is missing, become null.
 *
 * @throws {JsonError} if the text is not JSON, or is nested too deep
 */
export function parseExactJson(text: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    const standard = withoutNaN(text);
    if (standard === text) throw error;
    try {
      return parse(standard);
    } catch {
      throw error; // of the text as it is, whose positions it names
    }
  }
}

/** Fewer digits are exact; a reviver makes parsing several times slower. */
const LONG = /\d{16}/;

function parse(text: string): unknown {
  return parseJson(text, LONG.test(text) ? exactInteger : undefined);
}

function exactInteger(_key: string, value: unknown, context?: { source?: string }): unknown {
  if (typeof value !== "number" || Number.isSafeInteger(value)) return value;
  const source = context?.source ?? "";
  return /^-?\d+$/.test(source) ? BigInt(source) : value;
}

function withoutNaN(text: string): string {
  return text.replace(
    /"[^"\\]*(?:\\.[^"\\]*)*"|-?\b(?:NaN|Infinity)\b/g,
    (match) => match.startsWith('"') ? match : "null",
  );
}
