import type * as tf from "@tensorflow/tfjs";
import type { Weights, WeightTensors } from "../nn/mod.ts";
import type { Random } from "../random/mod.ts";

/**
 * Captions side by side, time first, with only their real words counted.
 *
 * Position `p` of the flattened [time, captions] is word `floor(p / captions)`
 * of caption `p % captions`.
 */
export interface CaptionBatch {
  /** How many captions. */
  captions: number;
  /** Length of the longest. */
  time: number;
  /** One feature for each distinct photo [photos, ...featureShape]. */
  features: tf.Tensor;
  /** The row of `features` that belongs to each caption, int32 [captions]. */
  photoOf: tf.Tensor1D;
  /** The word read at each position [time, captions], padding 0. */
  inputs: tf.Tensor2D;
  /** The positions that hold a word, int32 [words]; undefined if all do. */
  positions?: tf.Tensor1D;
  /** The caption each of them belongs to, int32 [words]. */
  captionOf: tf.Tensor1D;
  /** The word to be predicted there, int32 [words]. */
  labels: tf.Tensor1D;
}

/** What a decoder remembers between words: tensors whose first axis is the row. */
export type DecoderState = tf.Tensor[];

/** Makes captions from features; weights come from outside and go back there. */
export interface Decoder {
  /** Registry name, e.g. `merge`. */
  readonly kind: string;
  /** What decoding with it costs beyond a step a word, in a sentence; undefined where nothing. */
  readonly decodingCost?: string;
  /** Name and shape of every weight, in Keras' order. */
  readonly weightShapes: ReadonlyMap<string, number[]>;
  /** Weights to start training from, by Keras' initializers. */
  initialWeights(seed: number): Weights;
  /**
   * Roughly how many numbers a training step keeps for one caption of so many words (markers
   * included) until its gradients are known, the output layer's logits left out: what a batch is
   * cut by where it would take too much memory.
   */
  activations(words: number): number;
  /**
   * Teacher forcing over whole captions.
   *
   * @param dropout where dropout's masks come from; no dropout without it
   * @returns mean loss of a word in nats, without regularisation
   */
  loss(weights: WeightTensors, batch: CaptionBatch, dropout?: Random): tf.Scalar;
  /** The penalty on the weights that training adds to the loss; undefined if there is none. */
  penalty(weights: WeightTensors): tf.Scalar | undefined;
  /** The state before the first word, one row a photo. @param features [photos, ...featureShape] */
  start(weights: WeightTensors, features: tf.Tensor): DecoderState;
  /**
   * Reads one word in every row.
   *
   * @param words int32 [rows]
   * @returns logits of the next word [rows, vocabulary] and the state after it
   */
  step(
    weights: WeightTensors,
    state: DecoderState,
    words: tf.Tensor1D,
  ): { logits: tf.Tensor2D; state: DecoderState };
}

/** How many numbers a decoder learns. */
export function parameterCount(decoder: Decoder): number {
  let count = 0;
  for (const shape of decoder.weightShapes.values()) {
    count += shape.reduce((product, length) => product * length, 1);
  }
  return count;
}
