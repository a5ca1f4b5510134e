import * as tf from "@tensorflow/tfjs";
import type { DenseLayer } from "./dense.ts";
import { readWeight, type WeightTensors } from "./weights.ts";

/**
 * An output layer whose kernel is an embedding transposed (Press and Wolf, 2017): it reads vectors of
 * the embedding's width and learns `NAME/bias` (zeros) alone.
 *
 * @param embedding name of the embedding's weight [words, width]
 */
export function tiedOutput(name: string, embedding: string, words: number): DenseLayer {
  const biasName = `${name}/bias`;
  const table = (weights: WeightTensors) => readWeight<tf.Tensor2D>(weights, embedding);
  const bias = (weights: WeightTensors) => readWeight<tf.Tensor1D>(weights, biasName);
  return {
    weights: new Map([[biasName, { shape: [words], initial: () => new Float32Array(words) }]]),
    activations: words,
    apply: (weights, x) => tf.add(tf.matMul(x, table(weights), false, true), bias(weights)),
    arrays: (weights) => ({ kernel: tf.transpose(table(weights)), bias: bias(weights) }),
  };
}
