import * as tf from "@tensorflow/tfjs";
import type { FusedOps, ProjectedLstm, ProjectedSequences } from "./fused_ops.ts";
import { lstmGates } from "./lstm.ts";

/**
 * LSTMs of one size that read from lists of inputs, projected once: the sequence of item `i` reads
 * `projected[i]`, then that of item `i - ending`, and so on to the first one, where it ends. With
 * `ending` = 1 and an item for each word these are all beginnings of captions read backwards, without
 * padding; with `ending` = 0 the same inputs again and again.
 *
 * Keras' equations with sigmoid gates, from a state of zeros.
 *
 * @returns of each LSTM outputs of the first step [items, batch, units], of the second [items - ending,
 * batch, units], …, one after the other: in step `s` item `i` is of the sequence that began with item
 * `i + s · ending`
 */
export function projectedLstm(
  lstms: readonly ProjectedLstm[],
  sequences: ProjectedSequences,
  fused?: FusedOps,
): tf.Tensor3D[] {
  return fused
    ? fused.projectedLstm(lstms, sequences)
    : lstms.map((lstm) => plain(lstm, sequences));
}

function plain(
  { projected, recurrentKernel }: ProjectedLstm,
  { steps, ending }: ProjectedSequences,
): tf.Tensor3D {
  const [items, batch, width] = projected.shape;
  const units = width / 4;
  const flat = tf.reshape(projected, [items * batch, width]) as tf.Tensor2D;
  let h: tf.Tensor2D | undefined;
  let c = tf.zeros([items * batch, units]) as tf.Tensor2D;
  const outputs = Array.from({ length: steps }, (_, step) => {
    const left = (items - step * ending) * batch;
    const input = tf.slice(flat, [0, 0], [left, width]);
    const goingOn = (x: tf.Tensor2D) => tf.slice(x, [ending * batch, 0], [left, units]);
    const sum = h === undefined ? input : tf.add(input, tf.matMul(goingOn(h), recurrentKernel));
    ({ h, c } = lstmGates(sum as tf.Tensor2D, step === 0 ? c : goingOn(c), "sigmoid"));
    return h;
  });
  return tf.reshape(tf.concat(outputs, 0), [-1, batch, units]);
}
