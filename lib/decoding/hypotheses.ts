import type { Random } from "../random/mod.ts";

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
  /** Whether every word of it was the most probable one: what greedy decoding would say. */
  isGreedy: boolean;
  /** Words that must not come next; undefined where all may. */
  banned?: ReadonlySet<number>;
}

/** A hypothesis with one word more, and the row of the state that it continues. */
export interface Continuation {
  row: number;
  word: number;
  hypothesis: Hypothesis;
}

/** One of the searches for captions of a photo; a plain beam search has one a photo. */
export interface Search {
  photo: number;
  /** Captions that it keeps. */
  width: number;
  alive: Hypothesis[];
  finished: DecodedCaption[];
  /** Where its words are drawn from; undefined where the most probable ones are taken. */
  random?: Random;
  /** The point of [0, 1) that draws its next word where there is no `random`. */
  point?: number;
}

/** A hypothesis as a caption, with its end or cut off. */
export function finish(
  { words, probabilities }: Hypothesis,
  logProbability: number,
  power: number,
): DecodedCaption {
  return {
    words,
    probabilities,
    logProbability,
    score: score(logProbability, words.length, power),
  };
}

/** log probability / length^power (Wu et al., 2016, without their constants). */
export function score(logProbability: number, length: number, power: number): number {
  return logProbability / Math.max(1, length) ** power;
}
