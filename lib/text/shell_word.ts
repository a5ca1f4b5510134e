import { visible } from "./visible.ts";

/** Control characters of two bytes, of which bash would read `\x85` as one. */
const C1 = /[\u0080-\u009f]/g;

/** A word of a command as bash and zsh read it; what a terminal would obey stands in it as escapes. */
export function shellWord(word: string): string {
  if (visible(word) !== word) {
    const quoted = word.replace(/[\\']/g, (one) => `\\${one}`)
      .replace(C1, (one) => `\\u00${one.charCodeAt(0).toString(16)}`);
    return `$'${visible(quoted)}'`;
  }
  return /^[\w./=:,@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
