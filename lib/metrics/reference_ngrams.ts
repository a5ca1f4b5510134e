import type { Words } from "./metric.ts";

/** What BLEU needs to know of one candidate or, summed, of many. */
export interface NgramMatches {
  /** Words of the candidate. */
  length: number;
  /** Words of the reference nearest in length, the shorter of two equally near. */
  referenceLength: number;
  /** N-grams of the candidate that references hold too, each as often as one reference does; by n - 1. */
  matches: number[];
  /** N-grams of the candidate; by n - 1. */
  totals: number[];
}

/**
 * The n-grams of one photo's references, n from 1 to `order`, counted once for many candidates.
 *
 * They make a trie. A candidate is walked only along it, so that most of its words cost one
 * look-up.
 */
export class ReferenceNgrams {
  readonly #order: number;
  /** Lengths of the references. */
  readonly #lengths: number[];
  /** Index of each word of the references. */
  readonly #words = new Map<string | number, number>();
  /** Node × words + word → node; node 0 is the empty n-gram. */
  readonly #children = new Map<number, number>();
  /** By node: how often the n-gram is in the reference that has it most often. */
  readonly #most: number[] = [0];
  /** By node: how often the candidate has it so far; all 0 between candidates. */
  readonly #seen: Int32Array;

  /** @throws {RangeError} if there are no references */
  constructor(references: readonly Words[], order: number) {
    if (references.length === 0) {
      throw new RangeError("A candidate without references has no score");
    }
    this.#order = order;
    this.#lengths = references.map((reference) => reference.length);
    const numbered = references.map((reference) => reference.map((word) => this.#number(word)));
    for (const reference of numbered) this.#count(reference);
    this.#seen = new Int32Array(this.#most.length);
  }

  /**
   * Counts a candidate's n-grams and those among them that references hold (Papineni et al. 2002:
   * clipped by the most in one reference).
   */
  match(candidate: Words): NgramMatches {
    const { length } = candidate;
    const ids = candidate.map((word) => this.#words.get(word) ?? -1);
    const matches = new Array<number>(this.#order).fill(0);
    const reached: number[] = [];
    for (let i = 0; i < length; i++) {
      for (let n = 0, node = 0; n < this.#order && i + n < length; n++) {
        if (ids[i + n] < 0) break;
        const child = this.#children.get(node * this.#words.size + ids[i + n]);
        if (child === undefined) break; // and so no longer n-gram from here either
        node = child;
        reached.push(node);
        if (++this.#seen[node] <= this.#most[node]) matches[n]++;
      }
    }
    for (const node of reached) this.#seen[node] = 0;
    const totals = Array.from({ length: this.#order }, (_, n) => Math.max(0, length - n));
    return { length, referenceLength: this.#nearest(length), matches, totals };
  }

  #number(word: string | number): number {
    let id = this.#words.get(word);
    if (id === undefined) this.#words.set(word, id = this.#words.size);
    return id;
  }

  #count(reference: readonly number[]): void {
    const counts = new Map<number, number>();
    for (let i = 0; i < reference.length; i++) {
      for (let n = 0, node = 0; n < this.#order && i + n < reference.length; n++) {
        const key = node * this.#words.size + reference[i + n];
        let child = this.#children.get(key);
        if (child === undefined) {
          child = this.#most.length;
          this.#children.set(key, child);
          this.#most.push(0);
        }
        node = child;
        const count = (counts.get(node) ?? 0) + 1;
        counts.set(node, count);
        if (count > this.#most[node]) this.#most[node] = count;
      }
    }
  }

  #nearest(length: number): number {
    let best = this.#lengths[0];
    for (const other of this.#lengths) {
      const nearer = Math.abs(other - length) - Math.abs(best - length);
      if (nearer < 0 || (nearer === 0 && other < best)) best = other;
    }
    return best;
  }
}

/** The matches of many candidates as of one. */
export function sumMatches(all: readonly NgramMatches[], order: number): NgramMatches {
  const sum: NgramMatches = {
    length: 0,
    referenceLength: 0,
    matches: new Array<number>(order).fill(0),
    totals: new Array<number>(order).fill(0),
  };
  for (const one of all) {
    sum.length += one.length;
    sum.referenceLength += one.referenceLength;
    for (let n = 0; n < order; n++) {
      sum.matches[n] += one.matches[n];
      sum.totals[n] += one.totals[n];
    }
  }
  return sum;
}
