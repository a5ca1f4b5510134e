import type { Continuation, Hypothesis, Search } from "./hypotheses.ts";
import { finish } from "./hypotheses.ts";
import type { NextWords } from "./next_words.ts";
import type { SamplingSettings } from "./settings.ts";
import type { WordRules } from "./word_rules.ts";

/**
 * How words are drawn: at random, or by points that are spread evenly over all captions (arithmetic
 * sampling, Vilnis et al., 2023).
 */
export type Drawing = SamplingSettings | { kind: "even"; temperature: number };

/** How a caption that is drawn is extended. */
export interface SamplingOptions {
  rules: WordRules;
  sampling: Drawing;
  /** Power of the length by which captions are scored. */
  power: number;
}

/** Of which words a caption's next one is drawn. */
interface Chances {
  /** Those that may be drawn; all of the vocabulary where there are none. */
  words?: number[];
  /** How probable each is, up to a factor. */
  weights: Float64Array;
  /** Of all weights; 0 where no word may follow. */
  sum: number;
}

/** By row, so that captions that have said the same share the work. */
export type KnownChances = Map<number, Chances>;

/**
 * The caption of a search, one word longer, which is drawn; none where that ends it.
 *
 * @param known of the rows of this step; the row's are added
 */
export function extendSample(
  search: Search,
  row: number,
  { values, width }: NextWords,
  known: KnownChances,
  { rules, sampling, power }: SamplingOptions,
): Continuation[] {
  const [from] = search.alive;
  const logs = values.subarray(row * width, (row + 1) * width);
  const chances = known.get(row) ?? chancesOf(logs, from, rules, sampling);
  known.set(row, chances);
  const { words, weights, sum } = chances;
  if (sum === 0) return [];
  const found = drawn(weights, sum, search.random?.uniform() ?? search.point!);
  const word = words?.[found.word] ?? found.word;
  search.point = found.rest;
  if (rules.isEnd(word)) {
    search.finished.push(finish(from, from.logProbability + logs[word], power));
    return [];
  }
  return [{ row, word, hypothesis: rules.extended(from, word, logs[word], false) }];
}

function chancesOf(
  logs: Float32Array,
  from: Hypothesis,
  rules: WordRules,
  sampling: Drawing,
): Chances {
  const weights = new Float64Array(logs.length); // at first log probabilities
  let highest = -Infinity;
  for (let word = 0; word < logs.length; word++) {
    weights[word] = rules.mayFollow(from, word, logs[word]) ? logs[word] : -Infinity;
    if (weights[word] > highest) highest = weights[word];
  }
  if (highest === -Infinity) return { weights, sum: 0 };
  let sum = 0;
  for (let word = 0; word < weights.length; word++) {
    sum += weights[word] = Math.exp((weights[word] - highest) / sampling.temperature);
  }
  if (sampling.kind === "temperature" || sampling.kind === "even") return { weights, sum };
  const possible = [...weights.keys()].filter((word) => weights[word] > 0);
  const words = sampling.kind === "top-k"
    ? possible.toSorted((a, b) => weights[b] - weights[a]).slice(0, sampling.k)
    : nucleus(possible, weights, sum, sampling.p);
  const own = Float64Array.from(words, (word) => weights[word]);
  return { words, weights: own, sum: own.reduce((sum, weight) => sum + weight, 0) };
}

/** A number, and where in its own part of [0, 1) the point is, in [0, 1) again. */
interface Drawn {
  word: number;
  rest: number;
}

/** One of the numbers from 0 on by their weights, of which `sum` is the sum. @param point in [0, 1) */
function drawn(weights: Float64Array, sum: number, point: number): Drawn {
  let left = point * sum;
  let last = -1;
  for (let word = 0; word < weights.length; word++) {
    const weight = weights[word];
    if (weight === 0) continue;
    if (left < weight) return { word, rest: left / weight };
    left -= weight;
    last = word;
  }
  return { word: last, rest: 0 }; // the sum's last digits
}

/** The fewest words whose probabilities are `p` together (Holtzman et al., 2020), of those given. */
function nucleus(
  words: readonly number[],
  weights: Float64Array,
  sum: number,
  p: number,
): number[] {
  // Words below this are at most 1 − p together, so the nucleus is among the others.
  const least = (1 - p) * sum / words.length;
  const candidates = words.filter((word) => weights[word] >= least)
    .sort((a, b) => weights[b] - weights[a]);
  let mass = 0;
  const enough = candidates.findIndex((word) => (mass += weights[word]) >= p * sum);
  return enough < 0 ? candidates : candidates.slice(0, enough + 1);
}
