import { createScanner, parse, type ParseError, printParseErrorCode } from "jsonc-parser";

/** Characters of what was found that are shown. */
const LONGEST = 40;

/** Lists and objects within each other; a config has five. */
const DEEPEST = 100;

/** By the parser's name for the error. */
const EXPECTED: Record<string, string> = {
  InvalidSymbol:
    "which is not a value: text needs double quotes, the words are true, false and null",
  InvalidNumberFormat: "which is not a number",
  PropertyNameExpected: "expected a key in double quotes",
  ValueExpected: "expected a value",
  ColonExpected: 'expected ":" after the key',
  CommaExpected: 'expected "," or the end of the list or object',
  CloseBraceExpected: 'expected "," or "}"',
  CloseBracketExpected: 'expected "," or "]"',
  EndOfFileExpected: "expected the end of the file",
  InvalidCommentToken: "expected no comment",
  UnexpectedEndOfComment: 'a comment without "*/"',
  UnexpectedEndOfString: "text without a closing quote on its line",
  UnexpectedEndOfNumber: "which is not a whole number",
  InvalidUnicode: "text with an invalid \\u escape",
  InvalidEscapeCharacter: "text with an invalid escape",
  InvalidCharacter: "text with a control character that needs an escape",
};

/**
 * Parses JSON text that may have comments and trailing commas.
 *
 * @throws {SyntaxError} naming line and column, what was found and what was expected
 */
export function parseJsonc(text: string): unknown {
  // JSON does not count a byte order mark as white space.
  const whole = text.replace(/^\uFEFF/, "");
  checkNesting(whole);
  const errors: ParseError[] = [];
  const value = parse(whole, errors, { allowTrailingComma: true });
  if (errors.length > 0) throw new SyntaxError(sentence(whole, errors[0]));
  return value;
}

/** The library's `SyntaxKind`, which it declares without a value. */
const KINDS = { openBrace: 1, closeBrace: 2, openBracket: 3, closeBracket: 4, end: 17 };

/** The parser calls itself for each list in a list. */
function checkNesting(text: string): void {
  const scanner = createScanner(text, true);
  let depth = 0;
  for (let kind; (kind = scanner.scan() as number) !== KINDS.end;) {
    if (kind === KINDS.openBrace || kind === KINDS.openBracket) depth++;
    if (kind === KINDS.closeBrace || kind === KINDS.closeBracket) depth--;
    if (depth <= DEEPEST) continue;
    const line = text.slice(0, scanner.getTokenOffset()).split("\n").length;
    throw new SyntaxError(`line ${line}: more than ${DEEPEST} lists or objects within each other`);
  }
}

function sentence(text: string, { error, offset, length }: ParseError): string {
  const before = text.slice(0, offset).split("\n");
  const where = `line ${before.length}, column ${before.at(-1)!.length + 1}`;
  const found = text.slice(offset, offset + length).split("\n", 1)[0].trimEnd();
  const shown = offset >= text.trimEnd().length
    ? "the end of the file"
    : [...found].length > LONGEST
    ? `${[...found].slice(0, LONGEST).join("")}…`
    : found;
  return `${where}: found ${shown}, ${
    EXPECTED[printParseErrorCode(error)] ?? "which is not valid"
  }`;
}
