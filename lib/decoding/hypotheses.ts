import { IMPOSSIBLE, type Markers } from "../models/mod.ts";

/** A caption that was decoded. */
export interface DecodedCaption {
  /** Word indices, without markers. */
  words: number[];
  /** Probability of each word given those before it, among the words that may be emitted. */
  probabilities: number[];
  /** Sum of the words' natural-log probabilities, the end's included if it was reached. */
  logProbability: number;
  /** What captions of one photo are ranked by. */
  score: number;
}

/** The beginning of a caption. */
export interface Hypothesis {
  words: number[];
  probabilities: number[];
  logProbability: number;
}

/** The search for the captions of one photo. */
export interface Search {
  photo: number;
  alive: Hypothesis[];
  finished: DecodedCaption[];
}

/** The most probable words of each row. */
export interface Top {
  /** Log probabilities of the words, best first. */
  values: Float32Array;
  /** These words. */
  indices: Int32Array;
  /** How many a row. */
  width: number;
}

/** The beam's best continuations; those that end move to `finished`. */
export function extend(
  search: Search,
  first: number,
  { values, indices, width }: Top,
  markers: Markers,
  beam: number,
  power: number,
): { hypothesis: Hypothesis; row: number; word: number }[] {
  const candidates: { from: Hypothesis; row: number; word: number; log: number; sum: number }[] =
    [];
  search.alive.forEach((from, i) => {
    const row = first + i;
    for (let k = 0; k < width; k++) {
      const log = values[row * width + k];
      if (log < IMPOSSIBLE / 2) continue;
      const word = indices[row * width + k];
      candidates.push({ from, row, word, log, sum: from.logProbability + log });
    }
  });
  candidates.sort((a, b) => b.sum - a.sum);
  const alive: { hypothesis: Hypothesis; row: number; word: number }[] = [];
  for (const { from, row, word, log, sum } of candidates.slice(0, beam - search.finished.length)) {
    if (word === markers.end || word === markers.padding) {
      search.finished.push(finish(from, sum, power));
      continue;
    }
    alive.push({
      row,
      word,
      hypothesis: {
        words: [...from.words, word],
        probabilities: [...from.probabilities, Math.exp(log)],
        logProbability: sum,
      },
    });
  }
  return alive;
}

export function finish(from: Hypothesis, logProbability: number, power: number): DecodedCaption {
  const { words, probabilities } = from;
  return {
    words,
    probabilities,
    logProbability,
    score: score(logProbability, words.length, power),
  };
}

/** log probability / length^power (Wu et al., 2016, without their constants). */
function score(logProbability: number, length: number, power: number): number {
  return logProbability / Math.max(1, length) ** power;
}
