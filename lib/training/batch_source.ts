import type { CaptionBatch, Decoder } from "../models/mod.ts";
import type { WeightTensors } from "../nn/mod.ts";
import { Random } from "../random/mod.ts";
import { batchParts } from "./batch_parts.ts";
import { captionBatch } from "./batch_tensors.ts";
import type { CaptionSet } from "./caption_set.ts";
import type { Objective } from "./objectives/objective.ts";
import { planBatches, takeWords } from "./plan_batches.ts";
import { seenPhotos } from "./seen_photos.ts";
import type { TrainingSettings } from "./settings.ts";

/** A part of a batch, read only when its turn comes. */
export interface BatchPart {
  /** Words to be predicted in it. */
  words: number;
  /** What it counts by in the step's loss; those of all parts and ranks sum to 1. @default {its share of the step's words} */
  share?: number;
  /** Which part of the step it is: what its random numbers are drawn by; empty for all of it. */
  path: readonly (string | number)[];
  /** Its tensors. The caller disposes of them. */
  read(): CaptionBatch;
}

/** What one of several ranks (processes that train together) works through in a step. */
export interface StepBatch {
  /** One after the other; none where a batch has fewer captions than there are ranks. */
  parts: readonly BatchPart[];
  /** Words of the step over all ranks: the gradients of a part count by its share of them. */
  words: number;
  /** Further figures of the step, which callbacks get in its logs. @default {none} */
  figures?: Readonly<Record<string, number>>;
}

/** Where the batches of a training come from. The same questions have the same answers. */
export interface BatchSource {
  /** Steps in an epoch; epochs count from 0. */
  steps(epoch: number): number;
  /** Loads what a rank's batch is made of, before `batch`; absent where all is there. */
  prepare?(epoch: number, step: number, rank: number, ranks: number): Promise<void>;
  /**
   * What a rank works through in a step.
   *
   * @param rank from 0 to `ranks` − 1
   * @param weights as they are before the step
   */
  batch(
    epoch: number,
    step: number,
    rank: number,
    ranks: number,
    weights: WeightTensors,
  ): StepBatch;
}

/** A batch source whose batches do not depend on the weights. */
export interface FixedBatchSource extends BatchSource {
  /** As {@linkcode BatchSource.batch}. */
  batch(epoch: number, step: number, rank: number, ranks: number): StepBatch;
}

/** What each step learns from, and what it minimises. */
export interface TrainingSteps {
  /** The batches. */
  source: BatchSource;
  /** What is minimised over them. */
  objective: Objective;
}

/** Settings that decide about batches. */
export type BatchSettings = Pick<
  TrainingSettings,
  | "batchSize"
  | "epochWords"
  | "flipPhotos"
  | "groupByLength"
  | "maxActivations"
  | "photosTogether"
  | "seed"
>;

/**
 * Batches of a caption set, in an order drawn by seed and epoch. Several ranks share the captions
 * of each batch, so that a step learns from the same captions however many ranks there are. Whether
 * a photo is seen flipped is drawn by seed, epoch and photo: all its captions of an epoch see the same.
 *
 * @throws {RangeError} if photos are to be flipped, and the set has no features of that
 */
export function captionBatches(
  set: CaptionSet,
  decoder: Pick<Decoder, "activations" | "photoActivations">,
  settings: BatchSettings,
): FixedBatchSource {
  const lengths = set.captions.map((caption) => caption.length);
  const lengthOf = (index: number) => lengths[index];
  const wordsOf = (indices: readonly number[]) =>
    indices.reduce((sum, index) => sum + lengths[index] - 1, 0);
  const seen = seenPhotos(set, settings);
  let planned: { epoch: number; batches: number[][] } | undefined;
  const plan = (epoch: number) => {
    if (planned?.epoch !== epoch) {
      planned = { epoch, batches: planEpoch(epoch, lengths, set, settings) };
    }
    return planned.batches;
  };
  // Every n-th caption: a batch is sorted by length, and so is what each rank gets of it.
  const ownOf = (all: readonly number[], rank: number, ranks: number) =>
    ranks === 1 ? all : all.filter((_, i) => i % ranks === rank);
  const { augmented } = set;
  let seenAnew: CaptionSet | undefined;
  return {
    steps: (epoch) => plan(epoch).length,
    ...augmented && {
      async prepare(epoch, step, rank, ranks) {
        const [now, next = []] = plan(epoch).slice(step, step + 2).map((all) => [
          ...new Set(ownOf(all, rank, ranks).map((index) => set.photos[index])),
        ]);
        seenAnew = { ...set, features: await augmented(now, [epoch, step], next) };
      },
    },
    batch(epoch, step, rank, ranks) {
      const all = plan(epoch)[step];
      const own = ownOf(all, rank, ranks);
      const path = ranks === 1 ? [] : ["rank", rank];
      const parts = own.length === 0
        ? []
        : batchParts(own, lengthOf, decoder, settings.maxActivations, (i) => set.photos[i]);
      return {
        words: wordsOf(all),
        parts: parts.map((indices, i) => ({
          words: wordsOf(indices),
          path: parts.length > 1 ? [...path, i] : path,
          read: () => captionBatch(seenAnew ?? set, indices, seen(epoch)).batch,
        })),
      };
    },
  };
}

function planEpoch(
  epoch: number,
  lengths: readonly number[],
  { photos }: CaptionSet,
  { batchSize, groupByLength, photosTogether, epochWords, seed }: BatchSettings,
): number[][] {
  const random = new Random(seed, "order", epoch);
  const together = photosTogether ? photos : undefined;
  const plan = planBatches(lengths, batchSize, groupByLength, random, together);
  return epochWords === null ? plan : takeWords(plan, lengths, new Set(photos).size);
}
