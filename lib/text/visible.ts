/**
 * Characters that a terminal or a line obeys in place of showing them: the control characters C0, DEL
 * and C1; those that turn the direction of what follows, or end a line; and halves of characters.
 * Not all that is unseen: joiners and variation selectors are part of words and of emoji.
 */
const OBEYED =
  // deno-lint-ignore no-control-regex -- they are what is looked for
  /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u206f]|\p{Surrogate}/gu;

const NAMED: Record<string, string> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/**
 * Text from outside as a part of one line: what a terminal would obey is shown as `\n`, `\x1b` or
 * `\u202e`. Words of all scripts, their marks and emoji stay as they are.
 *
 * @example
 * ```ts
 * import { visible } from "./mod.ts";
 *
 * console.log(visible("\x1b[2Jdog.jpg")); // \x1b[2Jdog.jpg
 * ```
 */
export function visible(text: string): string {
  return text.replace(OBEYED, (one) => NAMED[one] ?? escaped(one));
}

/** Text of several lines, in each of which {@linkcode visible} is applied. */
export function visibleLines(text: string): string {
  return text.split("\n").map(visible).join("\n");
}

/**
 * A value as JSON in one line that a terminal may show: characters that it would obey are escaped
 * within the strings, so that the value read from it is the same.
 */
export function visibleJson(value: unknown): string {
  return JSON.stringify(value).replace(OBEYED, (one) => `\\u${hex(one, 4)}`);
}

function escaped(one: string): string {
  return one <= "\xff" ? `\\x${hex(one, 2)}` : `\\u${hex(one, 4)}`;
}

function hex(one: string, digits: number): string {
  return one.charCodeAt(0).toString(16).padStart(digits, "0");
}
