import { z } from "zod";
import { metrics } from "./registry.ts";
import { smoothingAliases } from "./smoothing.ts";
import { type Tokenization, tokenizations } from "./tokenize.ts";

/** How BLEU is computed. */
export interface BleuSettings {
  /** COCO's evaluation or NLTK's. Default `coco`. */
  definition: "coco" | "nltk";
  /** What makes words of a caption. Default `words`. */
  tokenize: Tokenization;
  /** Name of a smoothing method or NLTK's `method0` to `method7`; NLTK's definition only. Default `none`. */
  smoothing: string;
  /** Whether start and end markers count as words of candidates and references. Default false. */
  countMarkers: boolean;
  /** One list of weights of n-grams from 1 on, or several; NLTK's definition only. Default equal weights for BLEU-1 to BLEU-4. */
  weights?: number[] | number[][];
}

/** What is scored, and how. */
export interface EvaluationSettings {
  /** Default `test`. */
  split: "dev" | "test";
  /** Names of metrics. Default `["bleu"]`. */
  metrics: string[];
  /** How BLEU is computed. */
  bleu: BleuSettings;
}

const weightList = z.array(z.number()).min(1);

/**
 * Schema of {@linkcode BleuSettings}.
 *
 * @internal
 */
export const bleuSettings = z.strictObject({
  definition: z.enum(["coco", "nltk"]).default("coco").describe(
    "whose BLEU: COCO's evaluation, or NLTK's corpus_bleu",
  ),
  tokenize: z.enum(tokenizations).default("words").describe(
    "words of a caption: ptb (Penn Treebank without punctuation, as COCO's evaluation), words " +
      "(lower case, apostrophes deleted, other signs to spaces), none (split at white space)",
  ),
  smoothing: z.enum(smoothingAliases).default("none").describe(
    `with nltk: what becomes of precisions of 0 (${smoothingAliases.join(", ")})`,
  ),
  countMarkers: z.boolean().default(false).describe(
    "count start and end as words, as published notebooks do; raises BLEU by about a tenth",
  ),
  weights: z.union([weightList, z.array(weightList).min(1)]).optional().describe(
    "with nltk: weights of 1-grams, 2-grams, …, or several such lists; default equal weights",
  ),
});

/**
 * Schema of {@linkcode EvaluationSettings}: the `evaluation` part of a config.
 *
 * @internal
 */
export const evaluationSettings = z.strictObject({
  split: z.enum(["dev", "test"]).default("test").describe("the photos that are scored"),
  metrics: z.array(z.enum(Object.keys(metrics))).min(1).default(["bleu"]).describe(
    `what is computed: ${Object.keys(metrics).join(", ")}`,
  ),
  bleu: bleuSettings.prefault({}).describe("how BLEU is computed"),
});
