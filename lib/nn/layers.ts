import * as tf from "@tensorflow/tfjs";
import type { Random } from "../random/mod.ts";
import type { FusedOps } from "./fused_ops.ts";
import { plainLinearCrossEntropy } from "./linear_cross_entropy.ts";

/**
 * A whole LSTM sequence by Keras' equations (gates i, f, c, o), equal to
 * `tf.layers.lstm` that returns sequences and has sigmoid gates (TF.js' default
 * is `hardSigmoid`): one operation where the engine has it, step by step elsewhere.
 *
 * @param inputs [time, batch, inputs]
 * @param kernel [inputs, 4 units]
 * @param recurrentKernel [units, 4 units]
 * @param bias [4 units]
 * @returns outputs [time, batch, units]
 */
export function lstm(
  inputs: tf.Tensor3D,
  kernel: tf.Tensor2D,
  recurrentKernel: tf.Tensor2D,
  bias: tf.Tensor1D,
  fused?: FusedOps,
): tf.Tensor3D {
  if (fused) return fused.lstm(inputs, kernel, recurrentKernel, bias);
  const [time, batch, width] = inputs.shape;
  const units = recurrentKernel.shape[0];
  const flat = tf.reshape(inputs, [time * batch, width]);
  const gates = tf.add(tf.matMul(flat, kernel), bias); // [time × batch, 4 units]
  // TF.js' gradient of unstack fails where there is but one.
  const projected = time === 1
    ? [gates as tf.Tensor2D]
    : tf.unstack(tf.reshape(gates, [time, batch, 4 * units])) as tf.Tensor2D[];
  let h = tf.zeros([batch, units]) as tf.Tensor2D;
  let c = h;
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
 * @param h output of the step before [rows, units]
 * @param c cell state of the step before [rows, units]
 */
export function lstmStep(
  x: tf.Tensor2D,
  h: tf.Tensor2D,
  c: tf.Tensor2D,
  kernel: tf.Tensor2D,
  recurrentKernel: tf.Tensor2D,
  bias: tf.Tensor1D,
): { h: tf.Tensor2D; c: tf.Tensor2D } {
  return lstmGates(tf.add(tf.add(tf.matMul(x, kernel), tf.matMul(h, recurrentKernel)), bias), c);
}

function lstmGates(gates: tf.Tensor2D, c: tf.Tensor2D): { h: tf.Tensor2D; c: tf.Tensor2D } {
  const [i, f, candidate, o] = tf.split(gates, 4, 1);
  const kept = tf.mul(tf.sigmoid(f), c);
  const next: tf.Tensor2D = tf.add(kept, tf.mul(tf.sigmoid(i), tf.tanh(candidate)));
  return { h: tf.mul(tf.sigmoid(o), tf.tanh(next)), c: next };
}

/**
 * Mean of `-log softmax(hidden · kernel + bias)[label]` over rows, in nats.
 *
 * @param hidden [rows, units]
 * @param kernel [units, classes]
 * @param bias [classes]
 * @param labels int32 [rows]
 */
export function linearCrossEntropy(
  hidden: tf.Tensor2D,
  kernel: tf.Tensor2D,
  bias: tf.Tensor1D,
  labels: tf.Tensor1D,
  fused?: FusedOps,
): tf.Scalar {
  if (fused) return fused.linearCrossEntropy(hidden, kernel, bias, labels);
  return plainLinearCrossEntropy(hidden, kernel, bias, labels);
}

/**
 * Dropout whose mask depends on the random numbers given alone.
 *
 * @param rate in [0, 1)
 */
export function dropout<T extends tf.Tensor>(
  x: T,
  rate: number,
  random: Random | undefined,
  fused?: FusedOps,
): T {
  if (rate === 0 || random === undefined) return x;
  if (fused) return fused.dropout(x, rate, [random.bits(), random.bits()]);
  const mask = new Float32Array(x.size);
  for (let i = 0; i < mask.length; i++) mask[i] = random.uniform() < rate ? 0 : 1 / (1 - rate);
  return tf.mul(x, tf.tensor(mask, x.shape));
}

/** `relu(x · kernel + bias)`. @param x [rows, inputs] */
export function denseRelu(x: tf.Tensor2D, kernel: tf.Tensor2D, bias: tf.Tensor1D): tf.Tensor2D {
  return tf.fused.matMul({ a: x, b: kernel, bias, activation: "relu" }) as tf.Tensor2D;
}
