import type * as tf from "@tensorflow/tfjs";

/** What an LSTM carries from step to step. */
export type LstmState = {
  /** Its output [rows, units]. */
  h: tf.Tensor2D;
  /** Its cells [rows, units]. */
  c: tf.Tensor2D;
};
