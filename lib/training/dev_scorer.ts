import type { Weights } from "../nn/mod.ts";

/** What dev captions are scored by after an epoch. */
export interface DevScoresOptions {
  /** Epochs from one scoring to the next. @default {1} */
  every: number;
  /** Names of the scores. @default {["bleu-4", "cider-d"]} */
  scores: string[];
  /** Captions kept at every word; 1 is greedy. @default {1} */
  beam: number;
}

/**
 * Captions the dev photos with weights of the decoder, and scores the captions.
 *
 * @returns by the scores' names
 */
export type DevScorer = (
  weights: Weights,
  options: DevScoresOptions,
) => Promise<Record<string, number>>;
