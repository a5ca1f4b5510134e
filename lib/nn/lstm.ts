import * as tf from "@tensorflow/tfjs";
import type { FusedOps, LstmState } from "./fused_ops.ts";

/**
 * A whole LSTM sequence by Keras' equations (gates i, f, c, o), equal to
 * `tf.layers.lstm` that returns sequences and has sigmoid gates (TF.js' default
 * is `hardSigmoid`): one operation where the engine has it, step by step elsewhere.
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
): tf.Tensor3D {
  if (fused) return fused.lstm(inputs, kernel, recurrentKernel, bias, initial);
  const [time, batch, width] = inputs.shape;
  const units = recurrentKernel.shape[0];
  const flat = tf.reshape(inputs, [time * batch, width]);
  const gates = tf.add(tf.matMul(flat, kernel), bias); // [time × batch, 4 units]
  // TF.js' gradient of unstack fails where there is only one.
  const projected = time === 1
    ? [gates as tf.Tensor2D]
    : tf.unstack(tf.reshape(gates, [time, batch, 4 * units])) as tf.Tensor2D[];
  let { h, c } = initial ?? zeroState(batch, units);
  const outputs = projected.map((x) => {
    ({ h, c } = lstmGates(tf.add(x, tf.matMul(h, recurrentKernel)), c));
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
): LstmState {
  return lstmGates(tf.add(tf.add(tf.matMul(x, kernel), tf.matMul(h, recurrentKernel)), bias), c);
}

function lstmGates(gates: tf.Tensor2D, c: tf.Tensor2D): LstmState {
  const [i, f, candidate, o] = tf.split(gates, 4, 1);
  const kept = tf.mul(tf.sigmoid(f), c);
  const next: tf.Tensor2D = tf.add(kept, tf.mul(tf.sigmoid(i), tf.tanh(candidate)));
  return { h: tf.mul(tf.sigmoid(o), tf.tanh(next)), c: next };
}

/** A state before the first step, both parts zeros [rows, units]. */
export function zeroState(rows: number, units: number): LstmState {
  const zeros = tf.zeros([rows, units]) as tf.Tensor2D;
  return { h: zeros, c: zeros.clone() };
}
