import * as tf from "@tensorflow/tfjs";
import type { CaptionBatch } from "../models/mod.ts";
import type { CaptionSet } from "./caption_set.ts";

/**
 * The tensors of one batch, and how many words it predicts. The caller disposes of them.
 *
 * @param seen what a photo's feature is read under, by its digest. @default {its digest}
 */
export function captionBatch(
  set: CaptionSet,
  indices: readonly number[],
  seen: (digest: string) => string = (digest) => digest,
): { batch: CaptionBatch; words: number } {
  const captions = indices.map((index) => set.captions[index]);
  const count = captions.length;
  const lengths = captions.map(({ length }) => length - 1);
  const time = lengths.reduce((longest, length) => Math.max(longest, length), 0);
  const words = lengths.reduce((sum, length) => sum + length, 0);
  const inputs = new Int32Array(time * count);
  const positions = new Int32Array(words);
  const captionOf = new Int32Array(words);
  const labels = new Int32Array(words);
  let word = 0;
  for (let t = 0; t < time; t++) {
    for (let i = 0; i < count; i++) {
      if (t >= lengths[i]) continue;
      inputs[t * count + i] = captions[i][t];
      positions[word] = t * count + i;
      captionOf[word] = i;
      labels[word++] = captions[i][t + 1];
    }
  }
  const rows = new Map<string, number>(); // of each photo, in the order of their first captions
  const photoOf = Int32Array.from(indices, (index) => {
    const photo = set.photos[index];
    if (!rows.has(photo)) rows.set(photo, rows.size);
    return rows.get(photo)!;
  });
  const features = set.features.gather([...rows.keys()].map(seen));
  return {
    words,
    batch: {
      captions: count,
      lengths,
      time,
      features: tf.tensor(features, [rows.size, ...set.features.featureShape]),
      photoOf: tf.tensor1d(photoOf, "int32"),
      photoRows: photoOf,
      inputs: tf.tensor2d(inputs, [time, count], "int32"),
      positions: words < time * count ? tf.tensor1d(positions, "int32") : undefined,
      captionOf: tf.tensor1d(captionOf, "int32"),
      labels: tf.tensor1d(labels, "int32"),
    },
  };
}

/** Frees a batch's tensors. */
export function disposeBatch(batch: CaptionBatch): void {
  tf.dispose([batch.features, batch.photoOf, batch.inputs, batch.captionOf, batch.labels]);
  batch.positions?.dispose();
  batch.advantages?.dispose();
}
