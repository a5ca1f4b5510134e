import { parseJson } from "./parse_json.ts";

/**
 * JSON as Python's `json.dumps` writes it: ", " and ": " between values, all
 * but ASCII escaped, pairs in the order given.
 *
 * A list of pairs is an object here, because a JavaScript object would put
 * keys such as "2" first.
 */
export function pythonObject(pairs: Iterable<readonly [string | number, unknown]>): string {
  return `{${[...pairs].map(([key, value]) => `${text(String(key))}: ${json(value)}`).join(", ")}}`;
}

function json(value: unknown): string {
  return typeof value === "string" ? text(value) : JSON.stringify(value);
}

function text(value: string): string {
  return JSON.stringify(value).replace(
    /[\u007f-\uffff]/g, // Python leaves DEL as it is
    (unit) => unit === "\u007f" ? unit : `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

const PAIR =
  /\s*("[^"\\]*(?:\\.[^"\\]*)*")\s*:\s*("[^"\\]*(?:\\.[^"\\]*)*"|[^\s,{}[\]"]+)\s*(,|$)/y;

/**
 * The pairs of a JSON object whose values are strings, numbers, booleans or
 * null, in the order of the text.
 *
 * @throws {SyntaxError} if the text is anything else
 */
export function orderedPairs(source: string): [string, unknown][] {
  const body = /^\s*\{([^]*)\}\s*$/.exec(source)?.[1];
  if (body === undefined) throw new SyntaxError("Expected a JSON object of plain values");
  const pairs: [string, unknown][] = [];
  if (body.trim() === "") return pairs;
  PAIR.lastIndex = 0;
  for (;;) {
    const at = PAIR.lastIndex;
    const match = PAIR.exec(body);
    if (match === null) {
      throw new SyntaxError(`Expected a key and a plain value at character ${at + 1}`);
    }
    pairs.push([parseJson(match[1]) as string, parseJson(match[2])]);
    if (match[3] === "") return pairs;
  }
}
