import * as tf from "@tensorflow/tfjs";
import type { FusedOps, ProjectedLstm } from "./fused_ops.ts";
import type { LstmState } from "./lstm_state.ts";
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
   * @param x [rows, inputs]
   * @throws {RangeError} if its gates are not sigmoids
   */
  project(weights: WeightTensors, x: tf.Tensor2D): ProjectedLstm;
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
  const lstms = layers.map((layer) => layer.project(weights, x));
  return projectedLstm(lstms, { steps }, fused)
    .map((outputs) => tf.reshape(outputs, [steps, x.shape[0], -1]));
}

/**
 * An LSTM that reads every beginning of sequences backwards, from its last item to the first.
 *
 * @param x [time, batch, inputs]
 * @param lengths items of each sequence, at most `time` [batch]
 * @returns outputs [time · (time + 1) / 2, batch, units]: first those after the last item of each
 * beginning, from the shortest to the longest; then those after the item before it, and so on; zeros
 * where the sequence is shorter than the beginning
 */
export function readBackwards(
  layer: LstmLayer,
  weights: WeightTensors,
  x: tf.Tensor3D,
  lengths: ArrayLike<number>,
  fused?: FusedOps,
): tf.Tensor3D {
  const [time, batch, inputs] = x.shape;
  const { reads, rows } = backwardRows(time, lengths);
  const flat = tf.reshape(x, [time * batch, inputs]) as tf.Tensor2D;
  const sequences = { steps: reads.length, reads };
  const [outputs] = projectedLstm([layer.project(weights, flat)], sequences, fused);
  const units = outputs.shape[1];
  const all = rows === undefined
    ? outputs
    : tf.gather(tf.concat([outputs, tf.zeros([1, units])], 0), tf.tensor1d(rows, "int32"));
  return tf.reshape(all, [time * (time + 1) / 2, batch, units]);
}

/**
 * Rows of [time, batch] that each step reads, and rows of the outputs by their place in
 * [time · (time + 1) / 2, batch]; without the latter they stand there already.
 */
function backwardRows(
  time: number,
  lengths: ArrayLike<number>,
): { reads: Int32Array[]; rows?: Int32Array } {
  const batch = lengths.length;
  const reads: Int32Array[] = [];
  const rows = new Int32Array(time * (time + 1) / 2 * batch);
  let [place, count] = [0, 0];
  for (let step = 0; step < time; step++) {
    const read: number[] = [];
    for (let end = step; end < time; end++) {
      for (let i = 0; i < batch; i++) {
        const isThere = end < lengths[i];
        rows[place++] = isThere ? count + read.length : -1;
        if (isThere) read.push((end - step) * batch + i);
      }
    }
    count += read.length;
    if (read.length > 0) reads.push(Int32Array.from(read));
  }
  if (count === place) return { reads };
  return { reads, rows: rows.map((row) => row < 0 ? count : row) };
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
      const projected = tf.add((fused?.matMul ?? tf.matMul)(x, kernel), bias) as tf.Tensor2D;
      return { projected, recurrentKernel };
    },
  };
}
