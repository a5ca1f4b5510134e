import * as tf from "@tensorflow/tfjs";
import { createDecoder, DecoderRows } from "../../../lib/models/mod.ts";
import type { ImportedModel } from "../../../lib/interchange/mod.ts";

/** Keras' figures for a model. */
export interface Found {
  features: number[][];
  /** Centred: the logits are known up to a constant, and their mean is 0. */
  rows: { photo: number; prefix: number[]; logits: number[]; centred: boolean }[];
  /** Two for each photo, padded in front and behind: words, and the index that ended them. */
  captions: [words: number[], end: number | null][];
  weights: number;
  parameters: number;
}

/** A model's decoder, and its weights as tensors. */
export function load({ settings, vocabularySize, featureShape, weights }: ImportedModel) {
  const decoder = createDecoder(settings, { vocabularySize, featureShape });
  const tensors = new Map(
    [...weights].map(([name, { shape, data }]) => [name, tf.tensor(data, shape) as tf.Tensor]),
  );
  return { decoder, tensors };
}

/** Largest difference between a decoder's logits and Keras' logits. */
export function logitDifference(model: ImportedModel, found: Found): number {
  const { decoder, tensors } = load(model);
  let largest = 0;
  for (const { photo, prefix, logits, centred } of found.rows) {
    const given = tf.tidy(() => {
      const rows = new DecoderRows(decoder, tensors, tf.tensor([found.features[photo]]));
      let last: tf.Tensor | undefined;
      for (const word of prefix) {
        ({ logits: last } = rows.read([word], (step) => step));
      }
      return last!.dataSync() as Float32Array;
    });
    const mean = centred ? given.reduce((sum, x) => sum + x, 0) / given.length : 0;
    given.forEach((value, i) => largest = Math.max(largest, Math.abs(value - mean - logits[i])));
  }
  tf.dispose([...tensors.values()]);
  return largest;
}
