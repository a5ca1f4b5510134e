import * as tf from "@tensorflow/tfjs";
import type { FusedOps } from "./fused_ops.ts";
import { type GateActivation, openGate } from "./gate_activation.ts";
import { projectSteps } from "./project_steps.ts";

/** What a GRU carries from step to step. */
export type GruState = {
  /** Its output [rows, units]. */
  h: tf.Tensor2D;
};

/** Arrays of a GRU in Keras' order of gates: update z, reset r, candidate h. */
export interface GruArrays {
  /** [inputs, 3 units] */
  kernel: tf.Tensor2D;
  /** [units, 3 units] */
  recurrentKernel: tf.Tensor2D;
  /**
   * [2, 3 units], added to the inputs' and to the recurrent product: the reset gate acts after that
   * product (`reset_after` in Keras); [3 units]: before it, as Cho et al. (2014) have it.
   */
  bias: tf.Tensor2D | tf.Tensor1D;
}

/**
 * A whole sequence of a gated recurrent unit (Cho et al., 2014) by Keras' equations, step by step;
 * the inputs' part of all steps is computed at once.
 *
 * @param inputs [time, batch, inputs]
 * @param initial the state before the first step; zeros without it
 * @returns outputs [time, batch, units]
 */
export function gru(
  inputs: tf.Tensor3D,
  arrays: GruArrays,
  gates: GateActivation = "sigmoid",
  initial?: GruState,
  fused?: FusedOps,
): tf.Tensor3D {
  const units = arrays.recurrentKernel.shape[0];
  const { inputBias, next } = recurrence(arrays, gates);
  let h = initial?.h ?? tf.zeros([inputs.shape[1], units]) as tf.Tensor2D;
  const steps = projectSteps(inputs, arrays.kernel, inputBias, fused);
  const outputs = steps.map((x) => h = next(x, h));
  return tf.stack(outputs) as tf.Tensor3D;
}

/**
 * One step of a GRU.
 *
 * @param x [rows, inputs]
 * @param before the state after the step before
 */
export function gruStep(
  x: tf.Tensor2D,
  { h }: GruState,
  arrays: GruArrays,
  gates: GateActivation = "sigmoid",
): GruState {
  const { inputBias, next } = recurrence(arrays, gates);
  return { h: next(tf.add(tf.matMul(x, arrays.kernel), inputBias), h) };
}

/** The bias of the inputs, and the step from their projection [rows, 3 units] and the output before. */
function recurrence({ recurrentKernel, bias }: GruArrays, gates: GateActivation): {
  inputBias: tf.Tensor1D;
  next: (x: tf.Tensor2D, h: tf.Tensor2D) => tf.Tensor2D;
} {
  const units = recurrentKernel.shape[0];
  const parts = [2 * units, units]; // both gates, the candidate
  const split = (x: tf.Tensor2D) => tf.split(x, parts, 1) as [tf.Tensor2D, tf.Tensor2D];
  const mixed = (h: tf.Tensor2D, z: tf.Tensor2D, candidate: tf.Tensor2D): tf.Tensor2D =>
    tf.add(candidate, tf.mul(z, tf.sub(h, candidate))); // z h + (1 − z) candidate
  if (bias.rank === 1) {
    const [ofGates, ofCandidate] = split(recurrentKernel);
    return {
      inputBias: bias as tf.Tensor1D,
      next(x, h) {
        const [xGates, xCandidate] = split(x);
        const [z, r] = tf.split(openGate(tf.add(xGates, tf.matMul(h, ofGates)), gates), 2, 1);
        const candidate = tf.tanh(tf.add(xCandidate, tf.matMul(tf.mul(r, h), ofCandidate)));
        return mixed(h, z as tf.Tensor2D, candidate as tf.Tensor2D);
      },
    };
  }
  const [inputBias, recurrentBias] = tf.unstack(bias) as [tf.Tensor1D, tf.Tensor1D];
  return {
    inputBias,
    next(x, h) {
      const [xGates, xCandidate] = split(x);
      const [hGates, hCandidate] = split(
        tf.add(tf.matMul(h, recurrentKernel), recurrentBias) as tf.Tensor2D,
      );
      const [z, r] = tf.split(openGate(tf.add(xGates, hGates), gates), 2, 1);
      const candidate = tf.tanh(tf.add(xCandidate, tf.mul(r, hCandidate)));
      return mixed(h, z as tf.Tensor2D, candidate as tf.Tensor2D);
    },
  };
}
