/**
 * What a message quotes of a file: a text of any length would hide what the message says.
 *
 * ```ts
 * import { shorten } from "./shorten.ts";
 *
 * shorten("a very long name", 6); // "a very…"
 * ```
 *
 * @param longest characters that are kept. @default {60}
 */
export function shorten(text: string, longest = 60): string {
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}

/**
 * Items of a file as a message lists them: the first few, each cut, and how many there are beside.
 *
 * @param most items that are listed. @default {8}
 */
export function listSome(items: readonly string[], most = 8): string {
  const shown = items.slice(0, most).map((item) => shorten(item, 40)).join(", ");
  return items.length > most ? `${shown} and ${items.length - most} more` : shown;
}
