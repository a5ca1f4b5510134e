import { visible } from "./visible.ts";

/** A word of a command as bash and zsh read it; what a terminal would obey stands in it as escapes. */
export function shellWord(word: string): string {
  if (visible(word) !== word) {
    return `$'${visible(word.replace(/[\\']/g, (one) => `\\${one}`))}'`;
  }
  return /^[\w./=:,@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
