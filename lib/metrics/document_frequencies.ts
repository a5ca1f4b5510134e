import type { Words } from "./metric.ts";
import { type NgramCounts, NgramIndex } from "./ngram_index.ts";

/** In how many photos' captions each n-gram stands. */
export class DocumentFrequencies {
  /** The n-grams; more may be added, which stand in no photo's captions. */
  readonly ngrams: NgramIndex;
  readonly #counts: number[] = [];
  /** The photo that each n-gram was counted for last. */
  readonly #lastPhoto: number[] = [];
  #photos = 0;

  /** @param order words of the longest n-grams */
  constructor(order: number) {
    this.ngrams = new NgramIndex(order);
  }

  /** Photos counted. */
  get photos(): number {
    return this.#photos;
  }

  /** Counts the captions of one more photo. */
  add(captions: readonly Words[]): NgramCounts[] {
    this.#photos++;
    const counts = captions.map((words) => this.ngrams.add(words));
    for (const { ngrams } of counts) {
      for (let i = 0; i < ngrams.length; i++) {
        const ngram = ngrams[i];
        if (this.#lastPhoto[ngram] === this.#photos) continue;
        this.#lastPhoto[ngram] = this.#photos;
        this.#counts[ngram] = this.of(ngram) + 1;
      }
    }
    return counts;
  }

  /** Photos whose captions have an n-gram. */
  of(ngram: number): number {
    return this.#counts[ngram] ?? 0;
  }
}
