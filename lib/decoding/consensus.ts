import type { DecodedCaption } from "./hypotheses.ts";

/** Words of the longest n-grams compared. */
const ORDER = 4;

/** N-grams of one length, as keys, with numbers. */
type Ngrams = Map<string, number>;

/**
 * Captions of a photo ranked by their score and by how much they agree with samples of it, which stand
 * for what may be said: minimum Bayes risk decoding (Kumar and Byrne, 2004) beside the search's own
 * ranking.
 *
 * Two captions agree by the cosine of their counts of n-grams, the mean over n from 1 to 4; a caption
 * and samples by the mean over samples.
 *
 * @param found captions; those that remain are as they are but for their score
 * @param samples as the decoder draws them, at least one
 * @param weight what the agreement, from 0 to 1, counts for beside the score
 * @returns the best first
 */
export function byConsensus(
  found: readonly DecodedCaption[],
  samples: readonly DecodedCaption[],
  weight: number,
): DecodedCaption[] {
  const means = meanOf(samples.map(({ words }) => words));
  return found
    .map((caption) => ({
      ...caption,
      score: caption.score + weight * agreement(caption.words, means),
    }))
    .sort((a, b) => b.score - a.score);
}

/** By n - 1 the mean of captions' counts of n-grams, each divided by their Euclidean norm. */
function meanOf(captions: readonly (readonly number[])[]): Ngrams[] {
  return Array.from({ length: ORDER }, (_, i) => {
    const mean: Ngrams = new Map();
    for (const words of captions) {
      for (const [ngram, share] of direction(words, i + 1)) {
        mean.set(ngram, (mean.get(ngram) ?? 0) + share / captions.length);
      }
    }
    return mean;
  });
}

/** The mean cosine, from 0 to 1. */
function agreement(words: readonly number[], means: readonly Ngrams[]): number {
  let sum = 0;
  for (const [i, mean] of means.entries()) {
    for (const [ngram, share] of direction(words, i + 1)) sum += share * (mean.get(ngram) ?? 0);
  }
  return sum / ORDER;
}

/** Counts of n-grams, divided by their Euclidean norm; none where there are fewer words. */
function direction(words: readonly number[], n: number): Ngrams {
  const counts: Ngrams = new Map();
  for (let end = n; end <= words.length; end++) {
    const ngram = words.slice(end - n, end).join(" ");
    counts.set(ngram, (counts.get(ngram) ?? 0) + 1);
  }
  let squares = 0;
  for (const count of counts.values()) squares += count ** 2;
  const norm = Math.sqrt(squares);
  for (const [ngram, count] of counts) counts.set(ngram, count / norm);
  return counts;
}
