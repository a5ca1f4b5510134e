import { shorten } from "../../text/mod.ts";

/** Fewer words in a list may be captions of one word. */
const SENTENCE = 4;

/** Captions of a photo, column by column. */
interface Row {
  columns: {
    captions: string[];
    /** Whether they are a list's. */
    list: boolean;
  }[];
}

/**
 * Where every list of a table holds single words, and one of them a whole sentence of these, lists are
 * captions cut into words: each is joined to one caption.
 *
 * @returns a sentence that says so, if it is so
 */
export function joinWordLists(rows: readonly (Row | object)[]): string | undefined {
  const lists = rows.flatMap((row) => "columns" in row ? row.columns : []).filter(({ list }) =>
    list
  );
  const isSplit = lists.some(({ captions }) => captions.length >= SENTENCE) &&
    lists.every(({ captions }) => captions.every((caption) => !/\s/.test(caption)));
  if (!isSplit) return undefined;
  const [example] = lists;
  const words = example.captions.slice(0, 3).map((word) => `"${shorten(word)}"`).join(", ");
  for (const list of lists) list.captions = [list.captions.join(" ")];
  return `Lists of single words (${words}, …) are joined to one caption each`;
}
