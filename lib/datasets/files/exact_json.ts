/**
 * Parses JSON as Python's `json` does: an integer that a JavaScript number would round becomes a
 * BigInt, as ids may be; `NaN` and `Infinity`, which Python writes for what is missing, become null.
 *
 * @throws {SyntaxError} if the text is not JSON
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
  return LONG.test(text) ? JSON.parse(text, exactInteger) : JSON.parse(text);
}

function exactInteger(_key: string, value: unknown, context?: { source?: string }): unknown {
  if (typeof value !== "number" || Number.isSafeInteger(value)) return value;
  const source = context?.source ?? "";
  return /^-?\d+$/.test(source) ? BigInt(source) : value;
}

function withoutNaN(text: string): string {
  return text.replace(
    /"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/g,
    (match) => match.startsWith('"') ? match : "null",
  );
}
