import { type Continuation, finish, type Hypothesis, score, type Search } from "./hypotheses.ts";
import type { NextWords } from "./next_words.ts";
import type { WordRules } from "./word_rules.ts";

/** How the beam of a search is extended. */
export interface BeamOptions {
  rules: WordRules;
  /** Most words of a caption. */
  maxLength: number;
  /** Power of the length by which captions are compared. */
  power: number;
  /** What a word loses, where other beams of the photo chose it at this position. */
  penalty: (word: number) => number;
}

interface Candidate {
  from: Hypothesis;
  row: number;
  word: number;
  log: number;
  /** By which candidates are ranked. */
  rank: number;
  isGreedy: boolean;
}

/**
 * The beam's best continuations: as many as it is wide, and the greedy one, which is never dropped,
 * so that a beam finds nothing worse than greedy decoding. Those that end among its best candidates
 * move to `finished`, and take no place of the others. Once as many have ended as the beam is wide,
 * only those go on that may still beat the best of them.
 */
export function extendBeam(
  search: Search,
  first: number,
  next: NextWords,
  options: BeamOptions,
): Continuation[] {
  const { rules, power } = options;
  const { width, finished } = search;
  const candidates = candidatesOf(search, first, next, options);
  candidates.sort((a, b) => b.rank - a.rank);
  if (width === 1) candidates.splice(1); // greedy: what follows is none of its business
  const going: Continuation[] = [];
  for (const [place, { from, row, word, log, isGreedy }] of candidates.entries()) {
    if (rules.isEnd(word)) {
      if (place < width || isGreedy) finished.push(finish(from, from.logProbability + log, power));
    } else if (going.length < width || isGreedy) {
      going.push({ row, word, hypothesis: rules.extended(from, word, log, isGreedy) });
    }
  }
  if (finished.length < width) return going;
  const best = finished.reduce((best, { score }) => Math.max(best, score), -Infinity);
  return going.filter(({ hypothesis }) => bestPossible(hypothesis, options) > best);
}

function candidatesOf(
  { alive }: Search,
  first: number,
  { values, indices, width }: NextWords,
  { rules, penalty }: BeamOptions,
): Candidate[] {
  const candidates: Candidate[] = [];
  alive.forEach((from, i) => {
    const row = first + i;
    let { isGreedy } = from;
    for (let k = 0; k < width; k++) {
      const log = values[row * width + k];
      const word = indices![row * width + k];
      if (!rules.mayFollow(from, word, log)) continue;
      const rank = from.logProbability + log - (rules.isEnd(word) ? 0 : penalty(word));
      candidates.push({ from, row, word, log, rank, isGreedy });
      isGreedy = false;
    }
  });
  return candidates;
}

/**
 * What a caption may still reach. Its score grows with its length only where words become more
 * probable than those before them on average, which is taken to end it; longer captions would win by
 * what they repeat. Of the greedy one it is the limit that no caption passes.
 */
function bestPossible(
  { logProbability, words, isGreedy }: Hypothesis,
  { maxLength, power }: BeamOptions,
): number {
  return score(logProbability, isGreedy ? maxLength : words.length, power);
}
