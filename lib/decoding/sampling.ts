import type { Random } from "../random/mod.ts";
import type { Continuation, Hypothesis, Search } from "./hypotheses.ts";
import { finish } from "./hypotheses.ts";
import type { NextWords } from "./next_words.ts";
import type { SamplingSettings } from "./settings.ts";
import type { WordRules } from "./word_rules.ts";

/** How words are drawn. */
export interface SamplingOptions {
  rules: WordRules;
  sampling: SamplingSettings;
  /** Power of the length by which captions are scored. */
  power: number;
}

/** The caption of a search, one word longer, which is drawn; none where that ends it. */
export function extendSample(
  search: Search,
  row: number,
  { values, width }: NextWords,
  { rules, sampling, power }: SamplingOptions,
): Continuation[] {
  const [from] = search.alive;
  const logs = values.subarray(row * width, (row + 1) * width);
  const word = drawWord(logs, from, rules, sampling, search.random!);
  if (word === undefined) return [];
  if (rules.isEnd(word)) {
    search.finished.push(finish(from, from.logProbability + logs[word], power));
    return [];
  }
  return [{ row, word, hypothesis: rules.extended(from, word, logs[word], false) }];
}

/** @returns undefined where no word may follow */
function drawWord(
  logs: Float32Array,
  from: Hypothesis,
  rules: WordRules,
  sampling: SamplingSettings,
  random: Random,
): number | undefined {
  const weights = new Float64Array(logs.length); // at first log probabilities
  let highest = -Infinity;
  for (let word = 0; word < logs.length; word++) {
    weights[word] = rules.mayFollow(from, word, logs[word]) ? logs[word] : -Infinity;
    if (weights[word] > highest) highest = weights[word];
  }
  if (highest === -Infinity) return undefined;
  let sum = 0;
  for (let word = 0; word < weights.length; word++) {
    sum += weights[word] = Math.exp((weights[word] - highest) / sampling.temperature);
  }
  if (sampling.kind === "temperature") return drawn(weights, sum, random);
  const words = [...weights.keys()].filter((word) => weights[word] > 0);
  const kept = sampling.kind === "top-k"
    ? words.toSorted((a, b) => weights[b] - weights[a]).slice(0, sampling.k)
    : nucleus(words, weights, sum, sampling.p);
  const own = Float64Array.from(kept, (word) => weights[word]);
  return kept[drawn(own, own.reduce((sum, weight) => sum + weight, 0), random)];
}

/** One of the numbers from 0 on by their weights, of which `sum` is the sum. */
function drawn(weights: Float64Array, sum: number, random: Random): number {
  let left = random.uniform() * sum;
  let last = -1;
  for (let i = 0; i < weights.length; i++) {
    if (weights[i] === 0) continue;
    left -= weights[i];
    if (left < 0) return i;
    last = i;
  }
  return last; // the sum's last digits
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
