import { checkPairs } from "./check_pairs.ts";
import type { Words } from "./metric.ts";
import { type NgramMatches, ReferenceNgrams, sumMatches } from "./reference_ngrams.ts";

// COCO's evaluation adds them against division by zero; they show in its printed digits.
const TINY = 1e-15;
const SMALL = 1e-9;

/**
 * BLEU-1 to BLEU-`order` of a corpus by the COCO evaluation's definition (Chen
 * et al. 2015): counts summed over captions, geometric mean of the precisions,
 * brevity penalty by the nearest reference length.
 *
 * A candidate without an n-gram match scores close to 0, an empty one 0, never
 * NaN. No candidates at all score 0.
 *
 * @returns scores in [0, 1], by n - 1
 * @throws {RangeError} if the numbers of candidates and of reference lists differ, or a list is empty
 */
export function cocoCorpusBleu(
  candidates: readonly Words[],
  references: readonly (readonly Words[])[],
  order = 4,
): number[] {
  checkPairs(candidates, references);
  const matches = candidates.map((candidate, i) =>
    new ReferenceNgrams(references[i], order).match(candidate)
  );
  return cocoBleu(sumMatches(matches, order));
}

/**
 * BLEU-1 to BLEU-`order` of one caption by the COCO evaluation's definition.
 *
 * @returns scores in [0, 1], by n - 1
 * @throws {RangeError} if there are no references
 */
export function cocoSentenceBleu(
  candidate: Words,
  references: readonly Words[],
  order = 4,
): number[] {
  return cocoCorpusBleu([candidate], [references], order);
}

/** BLEU from counts, of one caption or summed over a corpus. */
export function cocoBleu({ length, referenceLength, matches, totals }: NgramMatches): number[] {
  const ratio = (length + TINY) / (referenceLength + SMALL);
  const brevity = ratio < 1 ? Math.exp(1 - 1 / ratio) : 1;
  let product = 1;
  return matches.map((match, i) => {
    product *= (match + TINY) / (totals[i] + SMALL);
    return product ** (1 / (i + 1)) * brevity;
  });
}
