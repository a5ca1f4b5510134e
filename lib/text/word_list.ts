/**
 * Items as a sentence lists them.
 *
 * ```ts
 * import { wordList } from "./word_list.ts";
 *
 * wordList(["a", "b", "c"], "or"); // "a, b or c"
 * ```
 */
export function wordList(items: readonly string[], last: "and" | "or"): string {
  return items.length < 2
    ? items.join()
    : `${items.slice(0, -1).join(", ")} ${last} ${items.at(-1)}`;
}
