import { z } from "zod";
import { checkPairs } from "./check_pairs.ts";
import { cocoBleu } from "./coco_bleu.ts";
import type { Metric, PreparedMetric, Sampler, Scores, Words } from "./metric.ts";
import { equalWeights, nltkBleu } from "./nltk_bleu.ts";
import { type NgramMatches, ReferenceNgrams, sumMatches } from "./reference_ngrams.ts";
import { smoothingAliases, smoothingName } from "./bleu_smoothing.ts";
import { type Tokenization, tokenizeSetting } from "./tokenize.ts";

const ORDER = 4;

/** How BLEU is computed. */
export interface BleuSettings {
  /** COCO's evaluation or NLTK's. @default {"coco"} */
  definition: "coco" | "nltk";
  /** How captions are split into words. @default {"words"} */
  tokenize: Tokenization;
  /** Name of a smoothing method or NLTK's `method0` to `method7`; NLTK's definition only. @default {"none"} */
  smoothing: string;
  /** Whether start and end markers count as words of candidates and references. @default {false} */
  countMarkers: boolean;
  /** One list of weights of n-grams from 1 on, or several; NLTK's definition only. @default {equal weights for BLEU-1 to BLEU-4} */
  weights?: number[] | number[][];
}

const weightList = z.array(z.number()).min(1);

const settings = z.strictObject({
  definition: z.enum(["coco", "nltk"]).default("coco").describe(
    "whose BLEU: COCO's evaluation, or NLTK's corpus_bleu",
  ),
  tokenize: tokenizeSetting,
  smoothing: z.enum(smoothingAliases).default("none").describe(
    `with nltk: what becomes of precisions of 0 (${smoothingAliases.join(", ")})`,
  ),
  countMarkers: z.boolean().default(false).describe(
    "count start and end as words, as published notebooks do; raises BLEU by about a tenth",
  ),
  weights: z.union([weightList, z.array(weightList).min(1)]).optional().describe(
    "with nltk: weights of 1-grams, 2-grams, …, or several such lists; default equal weights",
  ),
}).describe("how BLEU is computed");

/** BLEU-1 to BLEU-4 (Papineni et al. 2002) by COCO's definition or NLTK's. */
export const bleu: Metric<BleuSettings> = {
  settings,

  signature({ definition, weights, smoothing, countMarkers }) {
    const lists = weightLists(weights);
    const orders = lists?.map((weights) => weights.length) ?? [ORDER];
    return [
      `bleu:${definition}`,
      `n:${Math.max(...orders)}`,
      ...lists === undefined ? [] : [`weights:${lists.join(";")}`],
      `smooth:${smoothingName(smoothing)}`,
      `markers:${countMarkers ? "counted" : "no"}`,
    ];
  },

  prepare(references, settings, { markers: { start, end } }) {
    if (!settings.countMarkers) return prepareBleu(references, settings);
    const marked = (words: Words) => [start, ...words, end];
    const bleu = prepareBleu(references.map((captions) => captions.map(marked)), settings);
    return {
      corpus: (candidates) => bleu.corpus(candidates.map(marked)),
      caption: (candidate, photo) => bleu.caption(marked(candidate), photo),
      sampler: (candidates) => bleu.sampler(candidates.map(marked)),
    };
  },
};

function prepareBleu(
  references: readonly (readonly Words[])[],
  settings: BleuSettings,
): PreparedMetric {
  checkBleu(settings);
  const { definition, smoothing } = settings;
  const lists = weightLists(settings.weights) ??
    Array.from({ length: ORDER }, (_, i) => equalWeights(i + 1));
  const order = Math.max(...lists.map((weights) => weights.length));
  const photos = references.map((captions) => new ReferenceNgrams(captions, order));
  const coco = (sum: NgramMatches): Scores =>
    Object.fromEntries(cocoBleu(sum).map((score, i) => [`bleu-${i + 1}`, score]));
  const nltk = (all: NgramMatches[], candidate: Words, photo: number): Scores => {
    const last = { candidate, references: references[photo] };
    return Object.fromEntries(lists.map((weights) => [
      nameOf(weights, lists),
      nltkBleu(all, last, { weights, smoothing }),
    ]));
  };
  const sampler = (candidates: readonly Words[]): Sampler => {
    checkPairs(candidates, references);
    const all = candidates.map((candidate, i) => photos[i].match(candidate));
    return (chosen) => {
      const counts = Array.from(chosen, (photo) => all[photo]);
      if (definition === "coco") return coco(sumMatches(counts, order));
      const last = chosen[chosen.length - 1];
      return nltk(counts, candidates[last], last);
    };
  };
  return {
    sampler,
    corpus: (candidates) => sampler(candidates)([...candidates.keys()]),
    caption(candidate, photo) {
      const one = photos[photo].match(candidate);
      return definition === "coco" ? coco(one) : nltk([one], candidate, photo);
    },
  };
}

/** Lists of the same length would share a name: they are told apart by their weights. */
function nameOf(weights: number[], lists: number[][]): string {
  const order = weights.length;
  const single = lists.filter((other) => other.length === order).length === 1;
  return single ? `bleu-${order}` : `bleu-${order} (${weights.join(", ")})`;
}

/** Checks that the settings go together: COCO's definition has no weights and no smoothing. */
function checkBleu({ definition, weights, smoothing }: BleuSettings): void {
  if (definition !== "coco") return;
  if (weights !== undefined) {
    throw new RangeError(
      "COCO's definition of BLEU has equal weights only; for other weights choose the definition nltk",
    );
  }
  if (smoothingName(smoothing) !== "none") {
    throw new RangeError(
      `COCO's definition of BLEU has no smoothing; for "${smoothing}" choose the definition nltk`,
    );
  }
}

function weightLists(weights: BleuSettings["weights"]): number[][] | undefined {
  if (weights === undefined) return undefined;
  return (Array.isArray(weights[0]) ? weights : [weights]) as number[][];
}
