import * as tf from "@tensorflow/tfjs";
import type { Decoder } from "../models/mod.ts";
import { captionBatch, type CaptionSet, disposeBatch, planBatches } from "./batches.ts";
import type { Optimizer } from "./optimizer.ts";

/** Mean loss of a word in nats over a whole set, without dropout. */
export async function validationLoss(
  decoder: Decoder,
  optimizer: Pick<Optimizer, "read">,
  set: CaptionSet,
  batchSize: number,
  signal?: AbortSignal,
): Promise<number> {
  const weights = optimizer.read();
  let sum = 0;
  let count = 0;
  try {
    const lengths = set.captions.map((caption) => caption.length);
    for (const indices of planBatches(lengths, batchSize, true)) {
      signal?.throwIfAborted();
      const { batch, words } = captionBatch(set, indices);
      sum += words * tf.tidy(() => decoder.loss(weights, batch).dataSync()[0]);
      count += words;
      disposeBatch(batch);
      await new Promise((resolve) => setTimeout(resolve));
    }
  } finally {
    tf.dispose([...weights.values()]);
  }
  return sum / count;
}
