import type { Config } from "../../lib/config/mod.ts";
import { learnedOnlyFrequencies } from "../../lib/stages/mod.ts";
import type { HistoryLine } from "../../lib/training/mod.ts";
import { counted } from "../../lib/text/mod.ts";

/** Fewer train photos than this show a model too little of the world. */
const FEW_PHOTOS = 1000;

/** Facts that weaknesses follow from. */
export interface RunFacts {
  /** Whether it was trained elsewhere. */
  isImported: boolean;
  /** The config's data set; an imported run's tells nothing. */
  dataset: Config["dataset"];
  /** Photos it was trained on; undefined where it does not tell. */
  trainPhotos: number | undefined;
  /** Whether it has scores. */
  isEvaluated: boolean;
  /** Loss of a model that knows the frequencies of words alone. */
  unigramLoss: number | undefined;
  /** Figures of its epochs. */
  history: readonly HistoryLine[];
  /** Kind of its encoder. */
  encoder: string;
  /** Whether the encoder is known to be the one that made the features of its training. */
  isEncoderKnown: boolean;
}

/** A plain sentence for each weakness of a run that is known. */
export function knownWeaknesses(facts: RunFacts): string[] {
  const { isImported, dataset, trainPhotos, isEvaluated, unigramLoss, history, encoder } = facts;
  const weaknesses: string[] = [];
  if (!isImported && dataset.kind === "shapes") {
    weaknesses.push(
      "It was trained on drawn shapes alone: in any other photo it names shapes that are not there.",
    );
  }
  if (!isImported && dataset.shufflePhotos) {
    weaknesses.push(
      "It is a control: its train photos were shuffled among the captions, so that what it says " +
        "has nothing to do with the photo.",
    );
  }
  if (trainPhotos !== undefined && trainPhotos < FEW_PHOTOS) {
    weaknesses.push(
      `It was trained on ${counted(trainPhotos, "photo")} only: most of what photos show it has ` +
        "never seen.",
    );
  }
  if (learnedOnlyFrequencies(unigramLoss, history)) {
    weaknesses.push(
      "It learned little more than how often words occur: its captions have little to do with " +
        "their photos.",
    );
  }
  if (isImported && !facts.isEncoderKnown) {
    weaknesses.push(
      `It was trained elsewhere: whether its features came from ${encoder} with these weights ` +
        "cannot be checked.",
    );
  }
  if (!isEvaluated) {
    weaknesses.push(
      isImported
        ? "It was imported and never evaluated here: how good its captions are is not known."
        : "It was never evaluated: how good its captions are is not known.",
    );
  }
  return weaknesses;
}
