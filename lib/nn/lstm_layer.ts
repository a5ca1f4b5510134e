import type * as tf from "@tensorflow/tfjs";
import type { FusedOps, LstmState } from "./fused_ops.ts";
import { glorotUniform, lstmBias, orthogonal } from "./initializers.ts";
import type { Layer, LayerWeight } from "./layer.ts";
import { lstm, lstmStep, zeroState } from "./lstm.ts";
import { readWeight, type WeightTensors } from "./weights.ts";

/** A long short-term memory by Keras' equations, over a sequence or step by step. */
export interface LstmLayer extends Layer {
  /**
   * A whole sequence.
   *
   * @param x [time, batch, inputs]
   * @param initial the state before the first step; zeros without it
   * @returns outputs [time, batch, units]
   */
  apply(weights: WeightTensors, x: tf.Tensor3D, initial?: LstmState): tf.Tensor3D;
  /** One step more. @param x [rows, inputs] */
  step(weights: WeightTensors, x: tf.Tensor2D, before: LstmState): LstmState;
  /** A state of zeros. @param rows how many sequences */
  start(rows: number): LstmState;
}

/**
 * An LSTM that learns `NAME/kernel` (glorot_uniform), `NAME/recurrent_kernel` (orthogonal) and
 * `NAME/bias` (zeros, the forget gate's ones).
 */
export function lstmLayer(
  name: string,
  inputs: number,
  units: number,
  fused?: FusedOps,
): LstmLayer {
  const names = [`${name}/kernel`, `${name}/recurrent_kernel`, `${name}/bias`];
  const [kernel, recurrent] = [[inputs, 4 * units], [units, 4 * units]];
  const arrays = (weights: WeightTensors) =>
    names.map((name) => readWeight(weights, name)) as [tf.Tensor2D, tf.Tensor2D, tf.Tensor1D];
  return {
    weights: new Map<string, LayerWeight>([
      [names[0], { shape: kernel, initial: (random) => glorotUniform(kernel, random) }],
      [names[1], { shape: recurrent, initial: (random) => orthogonal(recurrent, random) }],
      [names[2], { shape: [4 * units], initial: () => lstmBias(units) }],
    ]),
    activations: 9 * units, // what the kernel saves for its gradients, and the outputs' gradients
    apply: (weights, x, initial) => lstm(x, ...arrays(weights), fused, initial),
    step: (weights, x, before) => lstmStep(x, before, ...arrays(weights)),
    start: (rows) => zeroState(rows, units),
  };
}
