import { metrics, type Words } from "../../metrics/mod.ts";
import type { SelfCriticalSettings } from "./settings.ts";

/** What a caption of a photo is worth. @param words with the end marker where it was reached */
export type CaptionReward = (words: Words, photo: string) => number;

/**
 * A caption's CIDEr-D and BLEU-4, weighted. CIDEr-D takes document frequencies from all references
 * given. BLEU-4 is the sentence's by NLTK's definition, smoothed by one match and one n-gram more from
 * n = 2 on (Lin and Och 2004), as most captions have no match of four words.
 *
 * A caption without an end would score as well as one with it, and captions would stop in mid-sentence:
 * so the end counts as a word, here and in the references.
 *
 * @param references words of each photo's true captions, each with the end marker
 * @throws {RangeError} if there are none, or a photo has none
 */
export function captionReward(
  references: ReadonlyMap<string, readonly Words[]>,
  { ciderWeight, bleuWeight }: Pick<SelfCriticalSettings, "ciderWeight" | "bleuWeight">,
): CaptionReward {
  if (references.size === 0) throw new RangeError("There are no references to reward captions by");
  const all = [...references.values()];
  const numbers = new Map([...references.keys()].map((photo, i) => [photo, i]));
  const context = { markers: { start: "", end: "" } }; // counted already
  const parts = [
    {
      weight: ciderWeight,
      score: "cider-d",
      prepare: () =>
        metrics["cider-d"].prepare(
          all,
          { tokenize: "none", documentFrequencies: "references" },
          context,
        ),
    },
    {
      weight: bleuWeight,
      score: "bleu-4",
      prepare: () =>
        metrics.bleu.prepare(all, {
          definition: "nltk",
          tokenize: "none",
          smoothing: "addOne",
          countMarkers: false,
          weights: [0.25, 0.25, 0.25, 0.25],
        }, context),
    },
  ].filter(({ weight }) => weight > 0)
    .map(({ weight, score, prepare }) => ({ weight, score, prepared: prepare() }));
  return (words, photo) => {
    const number = numbers.get(photo);
    if (number === undefined) throw new RangeError(`Photo ${photo} has no references`);
    return parts.reduce(
      (sum, { weight, score, prepared }) => sum + weight * prepared.caption(words, number)[score],
      0,
    );
  };
}
