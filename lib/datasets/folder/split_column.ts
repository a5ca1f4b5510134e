import { shorten } from "../../text/mod.ts";
import { isMissing } from "../files/caption_text.ts";
import { splitOf } from "../splits.ts";
import type { Columns } from "./columns.ts";
import { type Table, wordIn } from "./table.ts";

/** Names, in lower case without signs, of columns that may say the split in another way than by its name. */
const LIKELY_NAMES =
  /^(is)?(train|val|valid|validation|dev|test)(ing|set)?$|^(k?folds?|usage|phase)$/;

/** A column of splits that has no usual name, or what is to be said of one that may be. */
export interface FoundSplit {
  column?: string;
  note?: string;
}

/**
 * Finds the column of splits by what is in it: the only other column that holds nothing but the usual
 * words for splits, and those of two splits or more. A column with an unknown word among them, or one
 * that is named like `is_train` or `fold`, may hold the splits too: it is not read, and that is said.
 */
export async function findSplitColumn(
  table: Table,
  columns: Columns,
  path: string,
): Promise<FoundSplit> {
  const { photo, captions } = columns;
  const others = table.names.filter((name) => name !== photo && !captions.includes(name));
  const found: string[] = [];
  let note: string | undefined;
  for (const name of others) {
    const words = table.sample.map((values) => wordIn(values[name])).filter((word) =>
      !isMissing(word)
    );
    if (words.length > 0 && words.every((word) => splitOf(word) !== undefined)) {
      const all = await readWords(table, columns, name);
      if (all.splits.size > 1 && all.unknown === undefined) found.push(name);
      else if (all.unknown !== undefined) {
        note ??= describe(path, name, `has "${shorten(words[0])}" and "${all.unknown}"`);
      }
    } else if (LIKELY_NAMES.test(name.toLowerCase().replace(/[^\p{L}]/gu, ""))) {
      note ??= describe(path, name, `has "${shorten(words[0] ?? "")}"`);
    }
  }
  return found.length === 1 ? { column: found[0] } : { note };
}

async function readWords(
  table: Table,
  columns: Columns,
  name: string,
): Promise<{ splits: Set<string>; unknown?: string }> {
  const splits = new Set<string>();
  for await (const record of table.records(columns)) {
    if ("reason" in record) continue;
    const word = wordIn(record.values[name]);
    if (isMissing(word)) continue;
    const split = splitOf(word);
    if (split === undefined) return { splits, unknown: shorten(word) };
    splits.add(split);
  }
  return { splits };
}

function describe(path: string, name: string, has: string): string {
  const column = shorten(name);
  return `${path}: its column ${column} ${has} and is not read; if it says the split, write train, ` +
    `val (dev) or test into it and set dataset.columns.split=${column}`;
}
