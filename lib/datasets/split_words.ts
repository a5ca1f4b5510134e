import { shorten } from "../text/mod.ts";
import type { Split } from "./dataset_source.ts";
import { isMissing } from "./files/caption_text.ts";
import { splitOf, unknownSplit } from "./splits.ts";

/** Reads a column of splits, and counts the words in it. */
export class SplitWords {
  readonly #rows = new Map<string, number>();

  /** The split that a value means; undefined for none, or why it is refused. */
  read(value: unknown): Split | undefined | { reason: string } {
    if (value === undefined || value === null) return undefined;
    const word = String(value).trim();
    if (word === "" || isMissing(word)) return "";
    const split = splitOf(word);
    if (split === undefined) return { reason: unknownSplit(word) };
    this.#rows.set(word, (this.#rows.get(word) ?? 0) + 1);
    return split;
  }

  /** @throws {Error} if a word could mean one split or another, as "eval" does beside "val" */
  check(path: string): void {
    const dev = [...this.#rows.keys()].filter((word) => splitOf(word) === "dev");
    const evaluation = dev.find((word) => /^eval/i.test(word));
    const other = dev.find((word) => !/^eval/i.test(word));
    if (evaluation === undefined || other === undefined) return;
    throw new Error(
      `${path} has the splits "${shorten(other)}" and "${
        shorten(evaluation)
      }", of which one may mean test: name them ` +
        "train, val (dev) and test",
    );
  }

  /** What the words were taken for, if one of them leaves a doubt. */
  notes(): string[] {
    const usual = ["train", "val", "dev", "test"];
    if ([...this.#rows.keys()].every((word) => usual.includes(word.toLowerCase()))) return [];
    const words = [...this.#rows].slice(0, 10)
      .map(([word, rows]) =>
        `"${shorten(word)}" as ${splitOf(word) || "no split"} (${rows.toLocaleString("en")})`
      );
    return [`Splits are read as follows: ${words.join(", ")}`];
  }
}
