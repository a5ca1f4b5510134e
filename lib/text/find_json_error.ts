/** What is wrong with a text that should be JSON. */
export interface JsonProblem {
  /** Where and what, such as `line 2, column 1: found ], expected a value`. */
  problem: string;
  /** Whether the text ends where it should go on. */
  isCutOff: boolean;
}

/** Characters of what was found that are shown. */
const LONGEST = 20;

/** A value that is neither a list nor an object, whole. */
const SCALAR = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.+-])/y;

/** What may come next. */
type Expected = "a value" | "a value or ]" | "a key" | "a key or }" | ":" | "end";

/**
 * The first place where a text is not JSON (RFC 8259): engines name it in words of their own, some
 * without the line.
 *
 * @returns undefined if it is JSON
 */
export function findJsonError(text: string): JsonProblem | undefined {
  const open: ("[" | "{")[] = [];
  let expected: Expected = "a value";
  let at = text.startsWith("\ufeff") ? 1 : 0;
  const wrong = (what: string, from = at) => problemAt(text, from, what);
  for (;;) {
    while (/[ \t\n\r]/.test(text[at] ?? "")) at++;
    const sign = text[at];
    if (expected === "end") {
      if (open.length === 0) {
        return sign === undefined ? undefined : wrong("expected the end of the file");
      }
      const isList = open.at(-1) === "[";
      if (sign === ",") expected = isList ? "a value" : "a key";
      else if (sign === (isList ? "]" : "}")) open.pop();
      else return wrong(`expected "," or ${isList ? "]" : "}"}`);
      at++;
    } else if (expected === ":") {
      if (sign !== ":") return wrong('expected ":" after the key');
      at++;
      expected = "a value";
    } else if (
      expected.endsWith(" or ]") && sign === "]" || expected.endsWith("}") && sign === "}"
    ) {
      open.pop();
      at++;
      expected = "end";
    } else if (sign === '"') {
      const end = stringEnd(text, at);
      if (typeof end === "object") return wrong(end.what, end.at);
      at = end;
      expected = expected.startsWith("a key") ? ":" : "end";
    } else if (expected.startsWith("a key")) {
      return wrong("expected a key in double quotes");
    } else if (sign === "[" || sign === "{") {
      open.push(sign);
      at++;
      expected = sign === "[" ? "a value or ]" : "a key or }";
    } else {
      SCALAR.lastIndex = at;
      if (!SCALAR.test(text)) return wrong("expected a value");
      at = SCALAR.lastIndex;
      expected = "end";
    }
  }
}

/** The position after a string, or what is wrong within it. */
function stringEnd(text: string, begin: number): number | { at: number; what: string } {
  for (let at = begin + 1;; at++) {
    const sign = text[at];
    if (sign === undefined) return { at, what: "expected the quotation mark that ends a text" };
    if (sign === '"') return at + 1;
    if (sign < " ") return { at, what: "which needs an escape within a text" };
    if (sign !== "\\") continue;
    const isEscape = /["\\/bfnrt]/.test(text[at + 1] ?? "") ||
      /^u[\da-f]{4}$/i.test(text.slice(at + 1, at + 6));
    if (!isEscape) {
      const isEnd = at + 1 >= text.length;
      return { at: isEnd ? text.length : at, what: "which is not a valid escape" };
    }
    at++;
  }
}

function problemAt(text: string, at: number, what: string): JsonProblem {
  const isCutOff = at >= text.trimEnd().length;
  let line = 1;
  let start = 0;
  for (let end; (end = text.indexOf("\n", start)) !== -1 && end < at; start = end + 1) line++;
  const rest = text.slice(at, at + LONGEST + 1).split(/[\r\n]/, 1)[0];
  const found = isCutOff
    ? "the end of the file"
    : rest === ""
    ? "the end of the line"
    : rest.length > LONGEST
    ? `${rest.slice(0, LONGEST)}…`
    : rest;
  return { problem: `line ${line}, column ${at - start + 1}: found ${found}, ${what}`, isCutOff };
}
