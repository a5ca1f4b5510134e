import * as tf from "@tensorflow/tfjs";
import type { Decoder, Markers } from "../../models/mod.ts";
import type { WeightTensors } from "../../nn/mod.ts";
import { Random } from "../../random/mod.ts";
import { batchParts } from "../batch_parts.ts";
import type { BatchPart, TrainingSteps } from "../batch_source.ts";
import { captionBatch } from "../batch_tensors.ts";
import type { CaptionSet } from "../caption_set.ts";
import { policyGradient } from "../objectives/policy_gradient.ts";
import { planBatches } from "../plan_batches.ts";
import { seenPhotos } from "../seen_photos.ts";
import type { TrainingSettings } from "../settings.ts";
import { advantages } from "./advantages.ts";
import { sampleCaptions } from "./sample_captions.ts";

/** What self-critical training learns from. */
export interface SelfCriticalInputs {
  /** The train captions, of which the photos alone are used, and their features. */
  set: CaptionSet;
  /** The network. */
  decoder: Decoder;
  /** The markers, and the words that are never said: one mask for sampling and gradients. */
  markers: Markers;
  /** What a caption is worth. @param words indices, the end marker last where it was reached */
  reward: (words: readonly number[], photo: string) => number;
}

/**
 * Self-critical sequence training (Rennie et al. 2017): a step samples captions of some photos with the
 * weights as they are, and makes those more probable that have a higher reward than the photo's other
 * samples have on average (Luo 2020), the others less. An epoch sees each photo once, with `flipPhotos`
 * some as their mirror images.
 *
 * Photos are ordered by seed and epoch; each sample is drawn by seed, epoch, photo and number. So a step
 * is the same whatever was computed before, and for any number of ranks up to rounding.
 *
 * Each step tells the mean `reward` of its samples, and what share of them is `distinct`.
 *
 * @throws {RangeError} if the settings do not ask for it, or ask for flipped photos that the set has none of
 */
export function selfCriticalSteps(
  { set, decoder, markers, reward }: SelfCriticalInputs,
  settings: Pick<TrainingSettings, "selfCritical" | "seed" | "maxActivations" | "flipPhotos">,
): TrainingSteps {
  const { selfCritical, seed, maxActivations } = settings;
  if (selfCritical === undefined) throw new RangeError("training.selfCritical is not set");
  const seen = seenPhotos(set, settings);
  const { samples, photos: perStep, maxLength, dropout } = selfCritical;
  const photos = [...new Set(set.photos)];
  const sampled = (weights: WeightTensors, digests: readonly string[], epoch: number) => {
    const features = tf.tensor(set.features.gather(digests.map(seen(epoch))), [
      digests.length,
      ...set.features.featureShape,
    ]);
    try {
      return sampleCaptions(decoder, weights, features, markers, {
        samples,
        maxLength,
        random: (photo, sample) => new Random(seed, "sample", epoch, digests[photo], sample),
      });
    } finally {
      features.dispose();
    }
  };
  let planned: { epoch: number; steps: number[][] } | undefined;
  const plan = (epoch: number) => {
    if (planned?.epoch !== epoch) {
      const order = new Random(seed, "photos", epoch);
      const steps = planBatches(photos.map(() => 1), perStep, false, order);
      planned = { epoch, steps };
    }
    return planned.steps;
  };
  return {
    objective: policyGradient(markers, dropout),
    source: {
      steps: (epoch) => plan(epoch).length,
      batch(epoch, step, rank, ranks, weights) {
        const all = plan(epoch)[step];
        const own = all.filter((_, i) => i % ranks === rank).map((photo) => photos[photo]);
        if (own.length === 0) return { parts: [], words: 0 };
        const captions = sampled(weights, own, epoch);
        const rewards = captions.map((ofPhoto, i) => ofPhoto.map((words) => reward(words, own[i])));
        const weightOf = rewards.flatMap(advantages);
        const flat = captions.flat();
        const drawn: CaptionSet = {
          captions: flat.map((words) => Int32Array.of(markers.start, ...words)),
          photos: own.flatMap((digest) => new Array<string>(samples).fill(digest)),
          features: set.features,
        };
        const wordsOf = (indices: readonly number[]) =>
          indices.reduce((sum, index) => sum + flat[index].length, 0);
        const indices = [...flat.keys()];
        const lengthOf = (index: number) => flat[index].length + 1;
        const photoOf = (index: number) => drawn.photos[index];
        const parts = batchParts(indices, lengthOf, decoder, maxActivations, photoOf);
        const path = ranks === 1 ? [] : ["rank", rank];
        return {
          words: wordsOf(indices),
          parts: parts.map((indices, i): BatchPart => ({
            words: wordsOf(indices),
            share: indices.length / (all.length * samples),
            path: parts.length > 1 ? [...path, i] : path,
            read: () => ({
              ...captionBatch(drawn, indices, seen(epoch)).batch,
              advantages: tf.tensor1d(indices.map((index) => weightOf[index])),
            }),
          })),
          figures: {
            reward: mean(rewards.flat()),
            distinct: new Set(flat.map(String)).size / flat.length,
          },
        };
      },
    },
  };
}

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, x) => sum + x, 0) / numbers.length;
}
