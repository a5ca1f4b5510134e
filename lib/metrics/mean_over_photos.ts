import { checkPairs } from "./check_pairs.ts";
import type { PreparedMetric, Scores, Words } from "./metric.ts";

/**
 * A metric whose score of a corpus is the mean of the scores of its photos.
 *
 * @param photos one entry for each
 * @param caption scores of one candidate for the photo at an index, by the same names for any
 */
export function meanOverPhotos(
  photos: readonly unknown[],
  caption: (candidate: Words, photo: number) => Scores,
): PreparedMetric {
  const sampler = (candidates: readonly Words[]) => {
    checkPairs(candidates, photos);
    const each = candidates.map(caption);
    const names = Object.keys(each[0] ?? {});
    const columns = names.map((name) => Float64Array.from(each, (scores) => scores[name]));
    return (chosen: ArrayLike<number>): Scores =>
      Object.fromEntries(names.map((name, i) => {
        let sum = 0;
        for (let j = 0; j < chosen.length; j++) sum += columns[i][chosen[j]];
        return [name, sum / chosen.length];
      }));
  };
  return {
    caption,
    sampler,
    corpus: (candidates) => sampler(candidates)([...candidates.keys()]),
  };
}
