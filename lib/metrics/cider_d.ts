import { z } from "zod";
import { DocumentFrequencies } from "./document_frequencies.ts";
import { meanOverPhotos } from "./mean_over_photos.ts";
import type { Metric, MetricSettings, Words } from "./metric.ts";
import type { NgramCounts } from "./ngram_index.ts";
import { tokenizeSetting } from "./tokenize.ts";

const ORDER = 4;

/** Standard deviation of the penalty for another length than the reference's, in words. */
const SIGMA = 6;

const SCALE = 10;

/** How CIDEr-D is computed. */
export interface CiderDSettings extends MetricSettings {
  /** What document frequencies are counted in. @default {"references"} */
  documentFrequencies: string;
}

const settings = z.strictObject({
  tokenize: tokenizeSetting,
  documentFrequencies: z.string().min(1).default("references").describe(
    "captions in which photos are counted whose captions have an n-gram: references (those of the " +
      "scored photos, as COCO's evaluation), train (the run's train captions), or a file of " +
      "captions by photo",
  ).meta({ path: ["references", "train"] }),
}).describe("how CIDEr-D is computed");

/**
 * CIDEr-D (Vedantam et al. 2015) by the COCO evaluation's definition: the similarity of a candidate's
 * n-grams, weighted by how few photos' references have them, with those of each reference; clipped,
 * lower for another length, averaged over n from 1 to 4 and over references, times 10. Of a corpus the
 * mean over photos.
 *
 * A candidate scores 10 where all references are word for word the same as it, have four words or more
 * and none of their n-grams is in the references of every photo. With document frequencies from the
 * references of a single photo every score is 0.
 */
export const ciderD: Metric<CiderDSettings> = {
  settings,

  signature: ({ documentFrequencies }) => [
    "cider:d",
    `n:${ORDER}`,
    `sigma:${SIGMA}`,
    `df:${["references", "train"].includes(documentFrequencies) ? documentFrequencies : "file"}`,
  ],

  prepare(references, { documentFrequencies: from }, { documents }) {
    if (from !== "references" && documents === undefined) {
      throw new RangeError(
        `CIDEr-D is to take document frequencies from ${from}, whose captions were not given`,
      );
    }
    const scorer = new CiderD(references, from === "references" ? references : documents!);
    const score = (candidate: Words, photo: number) => ({
      "cider-d": scorer.score(candidate, photo),
    });
    return meanOverPhotos(references, score);
  },
};

/** A caption's n-grams, weighted by how often it has them and how few photos have them. */
interface WeightedNgrams {
  length: number;
  ngrams: Int32Array;
  weights: Float64Array;
  orders: Uint8Array;
  /** Euclidean norm of the weights of each n, by n - 1. */
  norms: Float64Array;
}

/** References of photos, weighted once for any number of candidates. */
class CiderD {
  readonly #frequencies = new DocumentFrequencies(ORDER);
  readonly #logPhotos: number;
  readonly #references: WeightedNgrams[][];

  /** @param documents the captions of each photo of which n-grams are counted */
  constructor(
    references: readonly (readonly Words[])[],
    documents: readonly (readonly Words[])[],
  ) {
    if (references.some(({ length }) => length === 0)) {
      throw new RangeError("A candidate without references has no score");
    }
    const counted = documents.map((captions) => this.#frequencies.add(captions));
    const { ngrams, photos } = this.#frequencies;
    this.#logPhotos = Math.log(photos);
    const all = documents === references
      ? counted
      : references.map((captions) => captions.map((words) => ngrams.add(words)));
    this.#references = all.map((captions) => captions.map((one) => this.#weigh(one)));
  }

  /** In [0, 10]. */
  score(candidate: Words, photo: number): number {
    const weighted = this.#weigh(this.#frequencies.ngrams.count(candidate));
    const references = this.#references[photo];
    let sum = 0;
    for (const reference of references) sum += similarity(weighted, reference);
    return SCALE * sum / references.length;
  }

  #weigh({ length, ngrams, counts, orders }: NgramCounts): WeightedNgrams {
    const weights = new Float64Array(ngrams.length);
    const norms = new Float64Array(ORDER);
    for (let i = 0; i < ngrams.length; i++) {
      const frequency = Math.log(Math.max(1, this.#frequencies.of(ngrams[i])));
      weights[i] = counts[i] * (this.#logPhotos - frequency);
      norms[orders[i] - 1] += weights[i] ** 2;
    }
    for (let n = 0; n < ORDER; n++) norms[n] = Math.sqrt(norms[n]);
    return { length, ngrams, weights, orders, norms };
  }
}

/** Of a candidate with one reference, in [0, 1]. */
function similarity(candidate: WeightedNgrams, reference: WeightedNgrams): number {
  const products = new Float64Array(ORDER);
  for (let i = 0, j = 0; i < candidate.ngrams.length && j < reference.ngrams.length;) {
    const difference = candidate.ngrams[i] - reference.ngrams[j];
    if (difference === 0) {
      const weight = reference.weights[j];
      // Clipped: saying a word of the reference many times gains nothing.
      products[candidate.orders[i] - 1] += Math.min(candidate.weights[i], weight) * weight;
    }
    if (difference <= 0) i++;
    if (difference >= 0) j++;
  }
  let sum = 0;
  for (let n = 0; n < ORDER; n++) {
    const norm = candidate.norms[n] * reference.norms[n];
    if (norm > 0) sum += products[n] / norm;
  }
  const difference = bigrams(candidate) - bigrams(reference);
  return sum / ORDER * Math.exp(-(difference ** 2) / (2 * SIGMA ** 2));
}

/** COCO's evaluation takes them for the length, in which an empty caption is as long as one word. */
function bigrams({ length }: WeightedNgrams): number {
  return Math.max(0, length - 1);
}
