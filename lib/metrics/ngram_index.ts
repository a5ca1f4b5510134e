import type { Words } from "./metric.ts";

/** More distinct words than any corpus has: a number of an n-gram and one of a word make one key. */
const MOST_WORDS = 2 ** 21;

/** The n-grams of one caption, each once. */
export interface NgramCounts {
  /** Words of the caption. */
  length: number;
  /** Numbers of its n-grams, ascending; those that the index lacks come last. */
  ngrams: Int32Array;
  /** How often the caption has each. */
  counts: Int32Array;
  /** Words of each. */
  orders: Uint8Array;
}

/**
 * Numbers all n-grams of a corpus, n from 1 to `order`, so that captions are compared by integers.
 *
 * An n-gram is found by the number of its beginning and its last word: a trie in one map. Words may
 * be strings or their indices in a vocabulary.
 */
export class NgramIndex {
  readonly #order: number;
  readonly #words = new Map<string | number, number>();
  readonly #children = new Map<number, number>();
  /** Words of each n-gram, by its number. */
  readonly #orders: number[] = [];

  /** @param order words of the longest n-grams, 255 at most */
  constructor(order: number) {
    this.#order = order;
  }

  /** Number of n-grams. */
  get size(): number {
    return this.#orders.length;
  }

  /** Counts a caption's n-grams, and numbers those that are new. */
  add(words: Words): NgramCounts {
    const added = this.#children;
    const ids = words.map((word) => numberIn(this.#words, word, 0));
    return this.#count(ids, (key, order) => {
      const ngram = numberIn(added, key, 0);
      if (ngram === this.#orders.length) this.#orders.push(order);
      return ngram;
    });
  }

  /** Counts a caption's n-grams; those that the index lacks have numbers of this caption alone. */
  count(words: Words): NgramCounts {
    const { size } = this;
    const unknownWords = new Map<string | number, number>();
    const ids = words.map((word) =>
      this.#words.get(word) ?? numberIn(unknownWords, word, this.#words.size)
    );
    const unknown = new Map<number, number>();
    const orders: number[] = [];
    return this.#count(ids, (key, order) => {
      const known = this.#children.get(key);
      if (known !== undefined) return known;
      const ngram = numberIn(unknown, key, size);
      if (ngram === size + orders.length) orders.push(order);
      return ngram;
    }, orders);
  }

  /**
   * @param numberOf the number of an n-gram by its key
   * @param unknown words of the n-grams that the index lacks, filled by then
   */
  #count(
    ids: readonly number[],
    numberOf: (key: number, order: number) => number,
    unknown: readonly number[] = [],
  ): NgramCounts {
    const { length } = ids;
    const all: number[] = [];
    const reached = new Array<number>(length).fill(-1); // the n-gram at each word, for n so far
    for (let order = 1; order <= Math.min(this.#order, length); order++) {
      for (let i = 0; i + order <= length; i++) {
        const key = (reached[i] + 1) * MOST_WORDS + ids[i + order - 1];
        all.push(reached[i] = numberOf(key, order));
      }
    }
    const sorted = Int32Array.from(all).sort();
    const ngrams = new Int32Array(sorted.length), counts = new Int32Array(sorted.length);
    let distinct = 0;
    for (const [i, ngram] of sorted.entries()) {
      if (i === 0 || ngram !== sorted[i - 1]) ngrams[distinct++] = ngram;
      counts[distinct - 1]++;
    }
    const found = ngrams.subarray(0, distinct);
    const { size } = this;
    return {
      length,
      ngrams: found,
      counts: counts.subarray(0, distinct),
      orders: Uint8Array.from(
        found,
        (ngram) => ngram < size ? this.#orders[ngram] : unknown[ngram - size],
      ),
    };
  }
}

/** The number of a key, from `first` on in the order of their coming. */
function numberIn<Key>(numbers: Map<Key, number>, key: Key, first: number): number {
  let number = numbers.get(key);
  if (number === undefined) numbers.set(key, number = first + numbers.size);
  return number;
}
