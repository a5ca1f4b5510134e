import * as tf from "@tensorflow/tfjs";
import type { FusedOps, LstmState, ProjectedLstm } from "./fused_ops.ts";
import { glorotUniform, lstmBias, orthogonal } from "./initializers.ts";
import type { GateActivation } from "./gate_activation.ts";
import type { LayerWeight } from "./layer.ts";
import { lstm, lstmStep, zeroState } from "./lstm.ts";
import { projectedLstm } from "./projected_lstm.ts";
import type { RecurrentLayer } from "./recurrent_layer.ts";
import { readWeight, type WeightTensors } from "./weights.ts";

/** An LSTM that can read several sequences of the same inputs, see below. */
export interface LstmLayer extends RecurrentLayer<LstmState> {
  /**
   * What each input adds to the gates, once for all sequences.
   *
   * @param x [items, batch, inputs]
   * @throws {RangeError} if its gates are not sigmoids
   */
  project(weights: WeightTensors, x: tf.Tensor3D): ProjectedLstm;
}

/**
 * LSTMs of one size that read the same input again and again, side by side.
 *
 * @param x [rows, inputs]
 * @returns outputs of every step [steps, rows, units], of each LSTM
 */
export function readRepeatedly(
  layers: readonly LstmLayer[],
  weights: WeightTensors,
  x: tf.Tensor2D,
  steps: number,
  fused?: FusedOps,
): tf.Tensor3D[] {
  const items = tf.expandDims(x, 0) as tf.Tensor3D;
  const lstms = layers.map((layer) => layer.project(weights, items));
  return projectedLstm(lstms, { steps, ending: 0 }, fused);
}

/**
 * An LSTM that reads every beginning of sequences backwards, from its last item to the first.
 *
 * @param x [time, batch, inputs]
 * @returns outputs [time · (time + 1) / 2, batch, units]: first those after the last item of each
 * beginning, from the shortest to the longest; then those after the item before it, and so on
 */
export function readBackwards(
  layer: LstmLayer,
  weights: WeightTensors,
  x: tf.Tensor3D,
  fused?: FusedOps,
): tf.Tensor3D {
  const sequences = { steps: x.shape[0], ending: 1 };
  return projectedLstm([layer.project(weights, x)], sequences, fused)[0];
}

/**
 * A long short-term memory by Keras' equations, over a sequence or step by step: learns
 * `NAME/kernel` (glorot_uniform), `NAME/recurrent_kernel` (orthogonal) and `NAME/bias` (zeros, the
 * forget gate's ones).
 */
export function lstmLayer(
  name: string,
  inputs: number,
  units: number,
  fused?: FusedOps,
  gates: GateActivation = "sigmoid",
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
    // What the fused kernel saves for its gradients, and the outputs' gradients.
    activations: (gates === "sigmoid" ? 9 : 18) * units,
    apply: (weights, x, initial) => lstm(x, ...arrays(weights), fused, initial, gates),
    step: (weights, x, before) => lstmStep(x, before, ...arrays(weights), gates),
    start: (rows) => zeroState(rows, units),
    project(weights, x) {
      if (gates !== "sigmoid") throw new RangeError(`${name} has gates of another kind: ${gates}`);
      const [kernel, recurrentKernel, bias] = arrays(weights);
      const [items, batch] = x.shape;
      const flat = tf.reshape(x, [items * batch, inputs]) as tf.Tensor2D;
      const projected = tf.add(tf.matMul(flat, kernel), bias);
      return { projected: tf.reshape(projected, [items, batch, 4 * units]), recurrentKernel };
    },
  };
}
