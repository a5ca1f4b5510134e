import * as tf from "@tensorflow/tfjs";
import type { Decoder } from "../models/mod.ts";
import { batchParts } from "./batch_parts.ts";
import { captionBatch, disposeBatch } from "./batch_tensors.ts";
import type { CaptionSet } from "./caption_set.ts";
import type { Optimizer } from "../nn/mod.ts";
import { crossEntropy } from "./objectives/cross_entropy.ts";
import { planBatches } from "./plan_batches.ts";
import type { TrainingSettings } from "./settings.ts";

/**
 * Mean loss of a word in nats over a whole set, without dropout; batches that would take too much
 * memory are cut as those of training are.
 */
export async function validationLoss(
  decoder: Decoder,
  optimizer: Pick<Optimizer, "read">,
  set: CaptionSet,
  { batchSize, maxActivations }: Pick<TrainingSettings, "batchSize" | "maxActivations">,
  signal?: AbortSignal,
): Promise<number> {
  const weights = optimizer.read();
  let sum = 0;
  let count = 0;
  try {
    const lengths = set.captions.map((caption) => caption.length);
    for (const indices of planBatches(lengths, batchSize, true)) {
      signal?.throwIfAborted();
      const photoOf = (i: number) => set.photos[i];
      for (const part of batchParts(indices, (i) => lengths[i], decoder, maxActivations, photoOf)) {
        const { batch, words } = captionBatch(set, part);
        sum += words * tf.tidy(() => crossEntropy(decoder, weights, batch).dataSync()[0]);
        count += words;
        disposeBatch(batch);
      }
      await new Promise((resolve) => setTimeout(resolve));
    }
  } finally {
    tf.dispose([...weights.values()]);
  }
  return sum / count;
}
