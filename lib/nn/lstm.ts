import * as tf from "@tensorflow/tfjs";
import type { FusedOps } from "./fused_ops.ts";
import type { LstmState } from "./lstm_state.ts";
import { type GateActivation, openGate } from "./gate_activation.ts";
import { projectSteps } from "./project_steps.ts";

/**
 * A whole LSTM sequence by Keras' equations (gates i, f, c, o), equal to
 * `tf.layers.lstm` that returns sequences and has the same gates (TF.js' default
 * is `hardSigmoid`): one operation where the engine has it and the gates are sigmoids, step by step
 * elsewhere.
 *
 * @param inputs [time, batch, inputs]
 * @param kernel [inputs, 4 units]
 * @param recurrentKernel [units, 4 units]
 * @param bias [4 units]
 * @param initial the state before the first step; zeros without it
 * @returns outputs [time, batch, units]
 */
export function lstm(
  inputs: tf.Tensor3D,
  kernel: tf.Tensor2D,
  recurrentKernel: tf.Tensor2D,
  bias: tf.Tensor1D,
  fused?: FusedOps,
  initial?: LstmState,
  gates: GateActivation = "sigmoid",
): tf.Tensor3D {
  if (fused && gates === "sigmoid") {
    return fused.lstm(inputs, kernel, recurrentKernel, bias, initial);
  }
  let { h, c } = initial ?? zeroState(inputs.shape[1], recurrentKernel.shape[0]);
  const outputs = projectSteps(inputs, kernel, bias).map((x) => {
    ({ h, c } = lstmGates(tf.add(x, tf.matMul(h, recurrentKernel)), c, gates));
    return h;
  });
  return tf.stack(outputs) as tf.Tensor3D;
}

/**
 * One step of an LSTM.
 *
 * @param x [rows, inputs]
 * @param before the state after the step before, each part [rows, units]
 */
export function lstmStep(
  x: tf.Tensor2D,
  { h, c }: LstmState,
  kernel: tf.Tensor2D,
  recurrentKernel: tf.Tensor2D,
  bias: tf.Tensor1D,
  gates: GateActivation = "sigmoid",
): LstmState {
  const sum = tf.add(tf.add(tf.matMul(x, kernel), tf.matMul(h, recurrentKernel)), bias);
  return lstmGates(sum as tf.Tensor2D, c, gates);
}

/** @param sum what the gates and the candidate are computed from [rows, 4 units] */
export function lstmGates(sum: tf.Tensor2D, c: tf.Tensor2D, gates: GateActivation): LstmState {
  const [i, f, candidate, o] = tf.split(sum, 4, 1);
  const kept = tf.mul(openGate(f, gates), c);
  const next: tf.Tensor2D = tf.add(kept, tf.mul(openGate(i, gates), tf.tanh(candidate)));
  return { h: tf.mul(openGate(o, gates), tf.tanh(next)), c: next };
}

/** A state before the first step, both parts zeros [rows, units]. */
export function zeroState(rows: number, units: number): LstmState {
  const zeros = tf.zeros([rows, units]) as tf.Tensor2D;
  return { h: zeros, c: zeros.clone() };
}
