import { findJsonError } from "./find_json_error.ts";

/** Lists and objects within each other; a file of any use has a few, and deeper ones end the stack. */
const DEEPEST = 500;

/** A text is not JSON, or not such as is read. */
export class JsonError extends SyntaxError {
  /** The name of this class. */
  override name = "JsonError";
  /** Whether the text ends where it should go on. */
  readonly isCutOff: boolean;

  /**
   * Says what is wrong, without the name of a file.
   *
   * @param problem where and what, such as `line 2, column 1: found ], expected a value`
   */
  constructor(problem: string, isCutOff: boolean, options?: ErrorOptions) {
    super(problem, options);
    this.isCutOff = isCutOff;
  }
}

/**
 * Parses JSON from outside.
 *
 * @param reviver as of `JSON.parse`
 * @throws {JsonError} naming line and column, what was found and what was expected, or saying that it
 * is nested too deep; without the name of a file
 */
export function parseJson(text: string, reviver?: Parameters<typeof JSON.parse>[1]): unknown {
  checkNesting(text);
  try {
    return JSON.parse(text, reviver);
  } catch (cause) {
    const { problem, isCutOff } = findJsonError(text) ??
      { problem: "it is too large", isCutOff: false };
    throw new JsonError(problem, isCutOff, { cause });
  }
}

/** What reads values calls itself for each list in a list. */
function checkNesting(text: string): void {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case 0x22: // "
        at = endOfString(text, at);
        break;
      case 0x5b: // [
      case 0x7b: // {
        if (++depth > DEEPEST) {
          const problem = `more than ${DEEPEST} lists or objects lie within each other`;
          throw new JsonError(problem, false);
        }
        break;
      case 0x5d: // ]
      case 0x7d: // }
        depth--;
    }
  }
}

/** Position of the quotation mark that ends a string, or the end of the text. */
function endOfString(text: string, begin: number): number {
  for (let at = begin + 1;; at++) {
    at = text.indexOf('"', at);
    if (at === -1) return text.length;
    let slashes = 0;
    while (text[at - 1 - slashes] === "\\") slashes++;
    if (slashes % 2 === 0) return at;
  }
}
