import { cocoCorpusBleu } from "./coco_bleu.ts";
import type { Metric } from "./metric.ts";
import { equalWeights, nltkCorpusBleu } from "./nltk_bleu.ts";
import type { BleuSettings } from "./settings.ts";
import { smoothingName } from "./smoothing.ts";

const ORDER = 4;

/** BLEU-1 to BLEU-4 (Papineni et al. 2002) by COCO's definition or NLTK's. */
export const bleu: Metric = {
  tokenization: ({ bleu }) => bleu.tokenize,

  signature({ bleu }) {
    const lists = weightLists(bleu.weights);
    const orders = lists?.map((weights) => weights.length) ?? [ORDER];
    return [
      `bleu:${bleu.definition}`,
      `n:${Math.max(...orders)}`,
      ...lists === undefined ? [] : [`weights:${lists.join(";")}`],
      `smooth:${smoothingName(bleu.smoothing)}`,
      `markers:${bleu.countMarkers ? "counted" : "no"}`,
    ];
  },

  score(candidates, references, { bleu }) {
    checkBleu(bleu);
    if (bleu.definition === "coco") {
      const scores = cocoCorpusBleu(candidates, references, ORDER);
      return Object.fromEntries(scores.map((score, i) => [`bleu-${i + 1}`, score]));
    }
    const lists = weightLists(bleu.weights) ??
      Array.from({ length: ORDER }, (_, i) => equalWeights(i + 1));
    return Object.fromEntries(lists.map((weights) => {
      const order = weights.length;
      // Lists of one length would share a name: they are told apart by their weights.
      const single = lists.filter((other) => other.length === order).length === 1;
      const name = single ? `bleu-${order}` : `bleu-${order} (${weights.join(", ")})`;
      return [
        name,
        nltkCorpusBleu(candidates, references, { weights, smoothing: bleu.smoothing }),
      ];
    }));
  },
};

/**
 * Checks that BLEU's settings go together.
 *
 * @throws {RangeError} if COCO's definition is given weights or smoothing, which it does not have
 */
export function checkBleu({ definition, weights, smoothing }: BleuSettings): void {
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
