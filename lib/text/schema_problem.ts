import { shorten } from "./shorten.ts";

/**
 * What a schema found in a file, as part of a sentence: the key and what is wrong with it. JavaScript's
 * words for what is missing are not shown.
 *
 * @param issue the first of zod's error
 * @param whole what the value as a whole is called. @default {"the file"}
 */
export function schemaProblem(
  { path, message }: { path: readonly PropertyKey[]; message: string },
  whole = "the file",
): string {
  const key = path.length === 0 ? whole : shorten(path.map(String).join("."));
  return /received undefined$/.test(message)
    ? `${key} is missing`
    : `${key}: ${message.slice(0, LONGEST)}`;
}

/** Characters of a message, which may hold the keys of a file. */
const LONGEST = 200;
