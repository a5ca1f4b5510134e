import type * as tf from "@tensorflow/tfjs";

/**
 * Captions side by side, time first, with only their real words counted.
 *
 * Position `p` of the flattened [time, captions] is word `floor(p / captions)`
 * of caption `p % captions`.
 */
export interface CaptionBatch {
  /** How many captions. */
  captions: number;
  /** Words of each, to be read and predicted. */
  lengths: ArrayLike<number>;
  /** Length of the longest. */
  time: number;
  /** One feature for each distinct photo [photos, ...featureShape]. */
  features: tf.Tensor;
  /** The row of `features` that belongs to each caption, int32 [captions]. */
  photoOf: tf.Tensor1D;
  /** The same as numbers. */
  photoRows: ArrayLike<number>;
  /** The word read at each position [time, captions], padding 0. */
  inputs: tf.Tensor2D;
  /** The positions that hold a word, int32 [words]; undefined if all do. */
  positions?: tf.Tensor1D;
  /** The caption each of them belongs to, int32 [words]. */
  captionOf: tf.Tensor1D;
  /** The word to be predicted there, int32 [words]. */
  labels: tf.Tensor1D;
  /** How much better each caption is than it is expected to be [captions], where it was sampled. */
  advantages?: tf.Tensor1D;
}
