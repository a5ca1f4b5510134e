import type * as tf from "@tensorflow/tfjs";
import type { LstmState } from "./lstm_state.ts";

/** What attention looks at: regions of photos, projected once for all steps and all rows of a photo. */
export interface AttentionMemory {
  /** What queries are compared with, scaled [photos, heads, regions, width / heads]. */
  keys: tf.Tensor4D;
  /** What is added up by the regions' shares [photos, heads, regions, width / heads]. */
  values: tf.Tensor4D;
}

/** Weights of an attention LSTM, those of one product side by side. */
export interface AttentionLstmArrays {
  /**
   * From the output before to the gates i, f, c, o, to the query, to the context's gate and, with a
   * sentinel, to its gate [units, 4 units + 2 width (+ units)].
   */
  recurrent: tf.Tensor2D;
  /** Of all of these. */
  bias: tf.Tensor1D;
  /** From the context to the gates [width, 4 units]. */
  context: tf.Tensor2D;
  /** From a sentinel to its key and its value [units, 2 width]; undefined where there is none. */
  sentinel?: tf.Tensor2D;
}

/** Inputs of an attention LSTM. */
export interface AttentionLstmInputs {
  /**
   * Rows of the first step, of the second, …, projected, see `attentionLstmStep`
   * [rows of all steps, 4 units (+ units)].
   */
  words: tf.Tensor2D;
  /**
   * Rows of each step, each a multiple of the photos: no more than the step before has, of which they
   * are the first. Row r looks at photo r mod photos.
   */
  rows: readonly number[];
  /** The state before the first step. */
  initial: LstmState;
  /** What it looks at. */
  memory: AttentionMemory;
  /** Its weights. */
  arrays: AttentionLstmArrays;
}
