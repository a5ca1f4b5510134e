import type { Words } from "./metric.ts";
import { PairNumbers } from "./pair_numbers.ts";

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
 * An n-gram is found by the number of its beginning and its last word: a trie in one table. Words may
 * be strings or their indices in a vocabulary.
 */
export class NgramIndex {
  readonly #order: number;
  readonly #words = new Map<string | number, number>();
  readonly #children = new PairNumbers();
  /** Words of each n-gram, by its number. */
  readonly #orders: number[] = [];

  /** @param order words of the longest n-grams, 255 at most */
  constructor(order: number) {
    this.#order = order;
  }

  /** Counts a caption's n-grams, and numbers those that are new. */
  add(words: Words): NgramCounts {
    const ids = words.map((word) => {
      const id = this.#words.get(word) ?? this.#words.size;
      if (id === this.#words.size) this.#words.set(word, id);
      return id;
    });
    const all = new Int32Array(this.#ngramsIn(ids.length));
    const reached = new Int32Array(ids.length).fill(-1); // the n-gram at each word, for n so far
    let at = 0;
    for (let order = 1; order <= this.#order; order++) {
      for (let i = 0; i + order <= ids.length; i++) {
        const ngram = this.#children.add(reached[i], ids[i + order - 1]);
        if (ngram === this.#orders.length) this.#orders.push(order);
        all[at++] = reached[i] = ngram;
      }
    }
    return this.#counted(ids.length, all, []);
  }

  /** Counts a caption's n-grams; those that the index lacks have numbers of this caption alone. */
  count(words: Words): NgramCounts {
    const size = this.#orders.length;
    const unknownWords = new Map<string | number, number>();
    const ids = words.map((word) => {
      const known = this.#words.get(word) ?? unknownWords.get(word);
      if (known !== undefined) return known;
      const id = this.#words.size + unknownWords.size;
      unknownWords.set(word, id);
      return id;
    });
    const unknown = new Map<string, number>();
    const unknownOrders: number[] = [];
    const all = new Int32Array(this.#ngramsIn(ids.length));
    const reached = new Int32Array(ids.length).fill(-1);
    let at = 0;
    for (let order = 1; order <= this.#order; order++) {
      for (let i = 0; i + order <= ids.length; i++) {
        const last = ids[i + order - 1];
        let ngram = this.#children.find(reached[i], last);
        if (ngram < 0) {
          const key = `${reached[i]} ${last}`;
          ngram = unknown.get(key) ?? size + unknown.size;
          if (ngram === size + unknown.size) {
            unknown.set(key, ngram);
            unknownOrders.push(order);
          }
        }
        all[at++] = reached[i] = ngram;
      }
    }
    return this.#counted(ids.length, all, unknownOrders);
  }

  /** N-grams in so many words. */
  #ngramsIn(length: number): number {
    let sum = 0;
    for (let order = 1; order <= this.#order; order++) sum += Math.max(0, length + 1 - order);
    return sum;
  }

  /**
   * @param all numbers of the n-grams, in any order
   * @param unknown words of those that the index lacks
   */
  #counted(length: number, all: Int32Array, unknown: readonly number[]): NgramCounts {
    const sorted = all.sort();
    const counts = new Int32Array(sorted.length), orders = new Uint8Array(sorted.length);
    let distinct = 0;
    for (let i = 0; i < sorted.length; i++) {
      const ngram = sorted[i];
      if (i === 0 || ngram !== sorted[distinct - 1]) {
        orders[distinct] = this.#orders[ngram] ?? unknown[ngram - this.#orders.length];
        sorted[distinct++] = ngram; // no later than it was read
      }
      counts[distinct - 1]++;
    }
    return {
      length,
      ngrams: sorted.subarray(0, distinct),
      counts: counts.subarray(0, distinct),
      orders: orders.subarray(0, distinct),
    };
  }
}
