import type * as tf from "@tensorflow/tfjs";
import type { Layer } from "./layer.ts";
import type { WeightTensors } from "./weights.ts";

/** A layer that reads a sequence, at once or step by step. */
export interface RecurrentLayer<State> extends Layer {
  /**
   * A whole sequence.
   *
   * @param x [time, batch, inputs]
   * @param initial the state before the first step; zeros without it
   * @returns outputs [time, batch, units]
   */
  apply(weights: WeightTensors, x: tf.Tensor3D, initial?: State): tf.Tensor3D;
  /** One step more. @param x [rows, inputs] */
  step(weights: WeightTensors, x: tf.Tensor2D, before: State): State;
  /** A state of zeros. @param rows how many sequences */
  start(rows: number): State;
}
