import { IMPOSSIBLE, type Markers } from "../models/mod.ts";
import type { Hypothesis } from "./hypotheses.ts";
import type { DecodingSettings } from "./settings.ts";

/** Which words may follow a hypothesis, besides the markers that are never emitted. */
export class WordRules {
  readonly #ends: ReadonlySet<number>;
  readonly #minLength: number;
  readonly #ngram?: number;

  /** Rules of a search. */
  constructor(
    { end, padding }: Markers,
    { minLength = 0, noRepeatNgram }: Pick<DecodingSettings, "minLength" | "noRepeatNgram">,
  ) {
    this.#ends = new Set([end, padding ?? end]);
    this.#minLength = minLength;
    this.#ngram = noRepeatNgram;
  }

  /** How many words of a row may have to be skipped before one that may follow. */
  skipped(alive: readonly Hypothesis[]): number {
    const early = alive.some(({ words }) => words.length < this.#minLength);
    const banned = alive.reduce((most, { banned }) => Math.max(most, banned?.size ?? 0), 0);
    return (early ? this.ends : 0) + banned;
  }

  /** How many words end a caption. */
  get ends(): number {
    return this.#ends.size;
  }

  /** Whether the word ends a caption. */
  isEnd(word: number): boolean {
    return this.#ends.has(word);
  }

  /** Whether a word of that log probability may follow. */
  mayFollow({ words, banned }: Hypothesis, word: number, log: number): boolean {
    if (log < IMPOSSIBLE / 2) return false;
    return this.isEnd(word) ? words.length >= this.#minLength : !banned?.has(word);
  }

  /** The hypothesis with one word more. */
  extended(from: Hypothesis, word: number, log: number, isGreedy: boolean): Hypothesis {
    const words = [...from.words, word];
    return {
      words,
      probabilities: [...from.probabilities, Math.exp(log)],
      logProbability: from.logProbability + log,
      isGreedy,
      ...this.#ngram === undefined ? {} : { banned: completing(words, this.#ngram) },
    };
  }
}

/** Words that would complete an n-gram which is there already (Paulus et al., 2018). */
function completing(words: readonly number[], n: number): Set<number> {
  const found = new Set<number>();
  const last = words.length - n + 1; // where the n-gram begins that comes next
  for (let at = 0; at < last; at++) {
    let same = 0;
    while (same < n - 1 && words[at + same] === words[last + same]) same++;
    if (same === n - 1) found.add(words[at + n - 1]);
  }
  return found;
}
