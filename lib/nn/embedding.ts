import * as tf from "@tensorflow/tfjs";
import { embeddingUniform } from "./initializers.ts";
import type { Layer, LayerWeight } from "./layer.ts";
import { readWeight, type WeightTensors } from "./weights.ts";

/** A vector for each word. */
export interface EmbeddingLayer extends Layer {
  /** The words' vectors [...shape, width]. @param words int32 [...shape] */
  apply(weights: WeightTensors, words: tf.Tensor): tf.Tensor;
}

/** An embedding that learns `NAME/embeddings` (uniform in [-0.05, 0.05), as in Keras). */
export function embeddingLayer(name: string, words: number, width: number): EmbeddingLayer {
  const weight = `${name}/embeddings`;
  const shape = [words, width];
  return {
    weights: new Map<string, LayerWeight>([
      [weight, { shape, initial: (random) => embeddingUniform(shape, random) }],
    ]),
    activations: width,
    apply: (weights, indices) => tf.gather(readWeight(weights, weight), indices as tf.Tensor1D),
  };
}
