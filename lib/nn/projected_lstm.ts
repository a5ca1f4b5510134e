import * as tf from "@tensorflow/tfjs";
import type { FusedOps, ProjectedLstm, ProjectedSequences } from "./fused_ops.ts";
import type { LstmState } from "./lstm_state.ts";
import { lstmGates, zeroState } from "./lstm.ts";

/**
 * LSTMs of one size that read rows of inputs which are projected to the gates once, for all steps and
 * sequences that read them; sequences drop out as they end.
 *
 * Keras' equations with sigmoid gates, from a state of zeros.
 *
 * @returns of each LSTM the outputs of the first step, of the second, …, one after the other
 * [rows of all steps, units]
 */
export function projectedLstm(
  lstms: readonly ProjectedLstm[],
  sequences: ProjectedSequences,
  fused?: FusedOps,
): tf.Tensor2D[] {
  return fused
    ? fused.projectedLstm(lstms, sequences)
    : lstms.map((lstm) => plain(lstm, sequences));
}

function plain(
  { projected, recurrentKernel }: ProjectedLstm,
  { steps, reads }: ProjectedSequences,
): tf.Tensor2D {
  const units = recurrentKernel.shape[0];
  let state: LstmState | undefined;
  const outputs = Array.from({ length: steps }, (_, step) => {
    const input = reads ? tf.gather(projected, tf.tensor1d(reads[step], "int32")) : projected;
    const rows = input.shape[0];
    const goingOn = (x: tf.Tensor2D) => tf.slice(x, [x.shape[0] - rows, 0], [rows, units]);
    const before = state ? { h: goingOn(state.h), c: goingOn(state.c) } : zeroState(rows, units);
    const sum = state ? tf.add(input, tf.matMul(before.h, recurrentKernel)) : input;
    state = lstmGates(sum as tf.Tensor2D, before.c, "sigmoid");
    return state.h;
  });
  return tf.concat(outputs, 0);
}
