import { type NgramMatches, ngramMatches } from "./ngram_matches.ts";

// COCO's evaluation adds them so that nothing is divided by zero; its printed digits hold them.
const TINY = 1e-15;
const SMALL = 1e-9;

/**
 * BLEU-1 to BLEU-`order` of a corpus by the COCO evaluation's definition (Chen
 * et al. 2015): counts summed over captions, geometric mean of the precisions,
 * brevity penalty by the nearest reference length.
 *
 * A candidate without an n-gram match scores next to 0, an empty one 0, never
 * NaN. No candidates at all score 0.
 *
 * @returns scores in [0, 1], by n - 1
 * @throws {RangeError} if the numbers of candidates and of reference lists differ, or a list is empty
 */
export function cocoCorpusBleu(
  candidates: readonly (readonly string[])[],
  references: readonly (readonly (readonly string[])[])[],
  order = 4,
): number[] {
  checkPairs(candidates, references);
  const sum: NgramMatches = {
    length: 0,
    referenceLength: 0,
    matches: new Array<number>(order).fill(0),
    totals: new Array<number>(order).fill(0),
  };
  for (const [i, candidate] of candidates.entries()) {
    const one = ngramMatches(candidate, references[i], order);
    sum.length += one.length;
    sum.referenceLength += one.referenceLength;
    for (let n = 0; n < order; n++) {
      sum.matches[n] += one.matches[n];
      sum.totals[n] += one.totals[n];
    }
  }
  return combine(sum);
}

/**
 * BLEU-1 to BLEU-`order` of one caption by the COCO evaluation's definition.
 *
 * @returns scores in [0, 1], by n - 1
 * @throws {RangeError} if there are no references
 */
export function cocoSentenceBleu(
  candidate: readonly string[],
  references: readonly (readonly string[])[],
  order = 4,
): number[] {
  return combine(ngramMatches(candidate, references, order));
}

/**
 * Checks that every candidate has its references.
 *
 * @throws {RangeError} if the numbers differ
 */
export function checkPairs(candidates: readonly unknown[], references: readonly unknown[]): void {
  if (candidates.length !== references.length) {
    throw new RangeError(
      `${candidates.length} candidates, but references for ${references.length}`,
    );
  }
}

function combine({ length, referenceLength, matches, totals }: NgramMatches): number[] {
  const ratio = (length + TINY) / (referenceLength + SMALL);
  const brevity = ratio < 1 ? Math.exp(1 - 1 / ratio) : 1;
  let product = 1;
  return matches.map((match, i) => {
    product *= (match + TINY) / (totals[i] + SMALL);
    return product ** (1 / (i + 1)) * brevity;
  });
}
