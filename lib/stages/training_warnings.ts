import type { HistoryLine } from "../training/mod.ts";

/** With fewer dev photos, chance decides much of which epoch is the best. */
const FEW_PHOTOS = 50;

/** Of the loss of word frequencies: what training should take off it at least. */
const LEAST_GAIN = 0.1;

/** What to say of the dev split before training; undefined where it is large enough, or empty. */
export function fewDevPhotos(photos: readonly string[]): string | undefined {
  const count = new Set(photos).size;
  if (count === 0 || count >= FEW_PHOTOS) return undefined;
  return `Warning: dev has ${count === 1 ? "one photo" : `only ${count} photos`}, so val_loss is ` +
    "rough, and the best epoch is partly chance: 100 or more are better (dataset.split)";
}

/** What to say of a training that learned little more than how often words occur. */
export function littleLearned(
  unigramLoss: number | undefined,
  history: readonly HistoryLine[],
): string | undefined {
  if (!learnedOnlyFrequencies(unigramLoss, history)) return undefined;
  return `Warning: the best val_loss, ${bestLoss(history).toFixed(4)}, hardly beats word ` +
    `frequencies alone (${unigramLoss!.toFixed(4)}): captions will have little to do with their ` +
    "photos; train longer (training.epochs), on more captions, or with a higher " +
    "training.learningRate";
}

/** Whether a training learned little more than how often words occur. */
export function learnedOnlyFrequencies(
  unigramLoss: number | undefined,
  history: readonly HistoryLine[],
): boolean {
  const best = bestLoss(history);
  return unigramLoss !== undefined && best < Infinity && best >= unigramLoss * (1 - LEAST_GAIN);
}

/** Infinity if no epoch has one. */
function bestLoss(history: readonly HistoryLine[]): number {
  return Math.min(...history.map(({ val_loss }) => val_loss ?? Infinity));
}
