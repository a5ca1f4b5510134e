import { checkPairs } from "./check_pairs.ts";
import type { Words } from "./metric.ts";
import { type NgramMatches, ReferenceNgrams } from "./reference_ngrams.ts";
import { smoothingName, smoothings } from "./bleu_smoothing.ts";

/** Settings of {@linkcode nltkCorpusBleu} and {@linkcode nltkSentenceBleu}. */
export interface NltkBleuOptions {
  /** Weight of each n-gram's log precision, n from 1 on. @default {four times 0.25} */
  weights?: readonly number[];
  /** Name of a smoothing method, ours or NLTK's `method0` to `method7`. @default {"none"} */
  smoothing?: string;
}

/** Equal weights of n-grams up to `order`. */
export function equalWeights(order: number): number[] {
  return new Array<number>(order).fill(1 / order);
}

/**
 * BLEU of a corpus by NLTK's definition (`corpus_bleu`; Papineni et al. 2002):
 * counts summed over candidates, each with at least one n-gram of every n, brevity
 * penalty by the nearest reference length.
 *
 * 0 where no word matches; without smoothing close to 0 where no n-gram of a
 * weighted n does. Never NaN. Of a corpus, methods 5 to 7 use the last
 * candidate alone, as NLTK's do.
 *
 * ```ts
 * import { nltkCorpusBleu } from "./nltk_bleu.ts";
 *
 * nltkCorpusBleu([["a", "red", "ball"]], [[["a", "ball"]]], { weights: [1] }); // 0.666…
 * ```
 *
 * @throws {RangeError} if candidates and references do not pair up, references or weights are
 * missing, or the smoothing is not defined for these candidates
 */
export function nltkCorpusBleu(
  candidates: readonly Words[],
  references: readonly (readonly Words[])[],
  options: NltkBleuOptions = {},
): number {
  checkPairs(candidates, references);
  if (candidates.length === 0) throw new RangeError("No candidates to score");
  const order = options.weights?.length ?? 4;
  const matches = candidates.map((candidate, i) =>
    new ReferenceNgrams(references[i], order).match(candidate)
  );
  return nltkBleu(
    matches,
    { candidate: candidates.at(-1)!, references: references.at(-1)! },
    options,
  );
}

/**
 * BLEU from the counts of each candidate, for n-grams at least as long as there are weights.
 *
 * @param last the candidate that methods 5 to 7 use
 * @throws {RangeError} as {@linkcode nltkCorpusBleu}
 */
export function nltkBleu(
  all: readonly NgramMatches[],
  last: { candidate: Words; references: readonly Words[] },
  { weights = equalWeights(4), smoothing = "none" }: NltkBleuOptions = {},
): number {
  if (weights.length === 0 || !weights.every(Number.isFinite)) {
    throw new RangeError(`BLEU's weights must be one finite number or more, found [${weights}]`);
  }
  const smooth = smoothings[smoothingName(smoothing)];
  const precisions = weights.map(() => ({ matches: 0, total: 0 }));
  let length = 0, referenceLength = 0;
  for (const one of all) {
    length += one.length;
    referenceLength += one.referenceLength;
    for (const [n, precision] of precisions.entries()) {
      precision.matches += one.matches[n];
      precision.total += Math.max(1, one.totals[n]);
    }
  }
  if (precisions[0].matches === 0) return 0;
  const smoothed = smooth(precisions, { length, ...last });
  const brevity = length > referenceLength ? 1 : Math.exp(1 - referenceLength / length);
  // A precision still 0 is left out of the sum, as NLTK does.
  const logs = smoothed.map((p, i) => p > 0 ? weights[i] * Math.log(p) : 0);
  return brevity * Math.exp(logs.reduce((sum, x) => sum + x, 0));
}

/**
 * BLEU of one candidate by NLTK's definition (`sentence_bleu`): a corpus of one.
 *
 * @throws {RangeError} as {@linkcode nltkCorpusBleu}
 */
export function nltkSentenceBleu(
  candidate: Words,
  references: readonly Words[],
  options: NltkBleuOptions = {},
): number {
  return nltkCorpusBleu([candidate], [references], options);
}
