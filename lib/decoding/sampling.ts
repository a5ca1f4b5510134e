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
  const { temperature } = sampling;
  let highest = -Infinity;
  for (let word = 0; word < logs.length; word++) {
    if (logs[word] > highest && rules.mayFollow(from, word, logs[word])) highest = logs[word];
  }
  if (highest === -Infinity) return undefined;
  const words: number[] = [];
  const weights: number[] = [];
  let sum = 0;
  for (let word = 0; word < logs.length; word++) {
    const weight = Math.exp((logs[word] - highest) / temperature);
    if (weight === 0 || !rules.mayFollow(from, word, logs[word])) continue;
    words.push(word);
    weights.push(weight);
    sum += weight;
  }
  let order = [...words.keys()];
  if (sampling.kind === "top-k") {
    order = order.toSorted((a, b) => weights[b] - weights[a]).slice(0, sampling.k);
  } else if (sampling.kind === "nucleus") order = nucleus(weights, sum, sampling.p);
  const kept = order.reduce((kept, i) => kept + weights[i], 0);
  let left = random.uniform() * kept;
  for (const i of order) {
    left -= weights[i];
    if (left < 0) return words[i];
  }
  return words[order.at(-1)!]; // the sum's last digits
}

/** The fewest words whose probabilities are `p` together (Holtzman et al., 2020). */
function nucleus(weights: readonly number[], sum: number, p: number): number[] {
  // Words below this are at most 1 − p together, so the nucleus is among the others.
  const least = (1 - p) * sum / weights.length;
  const candidates = [...weights.keys()].filter((i) => weights[i] >= least)
    .sort((a, b) => weights[b] - weights[a]);
  let mass = 0;
  const enough = candidates.findIndex((i) => (mass += weights[i]) >= p * sum);
  return enough < 0 ? candidates : candidates.slice(0, enough + 1);
}
