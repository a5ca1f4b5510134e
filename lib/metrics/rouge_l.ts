import { z } from "zod";
import { meanOverPhotos } from "./mean_over_photos.ts";
import type { Metric, MetricSettings, Words } from "./metric.ts";
import { tokenizeSetting } from "./tokenize.ts";

/** How much recall weighs against precision; COCO's evaluation has it fixed. */
const BETA = 1.2;

/**
 * ROUGE-L (Lin 2004) by the COCO evaluation's definition: F of precision and recall of the longest
 * common subsequence, each the best over the references; of a corpus the mean over photos.
 */
export const rougeL: Metric<MetricSettings> = {
  settings: z.strictObject({ tokenize: tokenizeSetting }).describe("how ROUGE-L is computed"),

  signature: () => ["rouge:l", `beta:${BETA}`],

  prepare(references) {
    const photos = references.map((captions) => new LongestCommon(captions));
    const score = (candidate: Words, photo: number) => {
      const { precision, recall } = photos[photo].best(candidate);
      if (precision === 0 || recall === 0) return 0;
      return (1 + BETA ** 2) * precision * recall / (recall + BETA ** 2 * precision);
    };
    return meanOverPhotos(
      references,
      (candidate, photo) => ({ "rouge-l": score(candidate, photo) }),
    );
  },
};

/** References of one photo, for the longest word sequences that candidates share with them. */
class LongestCommon {
  /** Numbers of the references' words, so that words are compared as numbers. */
  readonly #ids = new Map<string | number, number>();
  readonly #references: number[][];

  constructor(references: readonly Words[]) {
    if (references.length === 0) {
      throw new RangeError("A candidate without references has no score");
    }
    this.#references = references.map((words) =>
      words.map((word) => {
        const id = this.#ids.get(word) ?? this.#ids.size;
        this.#ids.set(word, id);
        return id;
      })
    );
  }

  /** The best precision and the best recall, which may be of two references. */
  best(candidate: Words): { precision: number; recall: number } {
    const ids = candidate.map((word) => this.#ids.get(word) ?? -1);
    let precision = 0, recall = 0;
    for (const reference of this.#references) {
      const common = commonLength(ids, reference);
      if (common === 0) continue; // the only case in which a length may be 0
      precision = Math.max(precision, common / ids.length);
      recall = Math.max(recall, common / reference.length);
    }
    return { precision, recall };
  }
}

/** Length of the longest sequence that is in both, in order but not necessarily adjacent. */
function commonLength(a: readonly number[], b: readonly number[]): number {
  const lengths = new Uint32Array(b.length + 1); // of what `a` so far and the start of `b` share
  for (const x of a) {
    let diagonal = 0;
    for (let j = 0; j < b.length; j++) {
      const above = lengths[j + 1];
      lengths[j + 1] = x === b[j] ? diagonal + 1 : Math.max(above, lengths[j]);
      diagonal = above;
    }
  }
  return lengths[b.length];
}
