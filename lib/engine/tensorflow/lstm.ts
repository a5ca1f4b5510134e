import * as tf from "@tensorflow/tfjs";
import type { LstmState } from "../../nn/mod.ts";
import type { TensorFlowBackend } from "./backend.ts";
import type { TFEOpAttr } from "./binding_types.ts";
import { AttributeType } from "./data_types.ts";
import { execute, FLOAT, withInt64 } from "./operations.ts";

const ATTRIBUTES: TFEOpAttr[] = [
  FLOAT,
  { name: "cell_clip", type: AttributeType.float, value: 0 },
  { name: "use_peephole", type: AttributeType.bool, value: false },
];

/**
 * A whole LSTM sequence: TensorFlow's `BlockLSTMV2` forward, and a backward
 * pass of our own. `BlockLSTMGradV2` adds up the weights' gradient step by
 * step, in matrix products too small for the CPU; here only what depends on
 * the next step runs in the loop, the rest once for all steps, in half the time.
 *
 * @param inputs [time, batch, inputs]
 * @param kernel [inputs, 4 units], gates i, f, c, o
 * @param recurrentKernel [units, 4 units]
 * @param bias [4 units]
 * @param initial the state before the first step; zeros without gradients if omitted
 * @returns outputs [time, batch, units]
 */
export function lstm(
  backend: TensorFlowBackend,
  inputs: tf.Tensor3D,
  kernel: tf.Tensor2D,
  recurrentKernel: tf.Tensor2D,
  bias: tf.Tensor1D,
  initial?: LstmState,
): tf.Tensor3D {
  const [time, batch] = inputs.shape;
  const units = recurrentKernel.shape[0];
  const run = tf.customGrad((...args) => {
    const save = args.at(-1) as unknown as tf.GradSaveFunc;
    const [x, k, r, b, h0, c0] = args.slice(0, -1) as tf.Tensor[];
    const zeros = tf.zeros([batch, units]);
    const before = initial ? [c0, h0] : [zeros, zeros];
    const peephole = tf.zeros([units]);
    const joined = tf.concat([k, r], 0); // The op's gates stand in Keras' order.
    const [i, cs, f, o, ci, co, h] = withInt64(
      backend,
      time,
      (length) =>
        execute(
          backend,
          "BlockLSTMV2",
          ATTRIBUTES,
          [length, x, ...before, joined, peephole, peephole, peephole, b],
          7,
        ),
    );
    save([x, k, r, i, cs, f, o, ci, co, h, ...initial ? [h0, c0] : []]);
    return { value: h, gradFunc: (dy, saved) => gradients(dy as tf.Tensor3D, saved) };
  });
  const given = initial ? [initial.h, initial.c] : [];
  return run(inputs, kernel, recurrentKernel, bias, ...given) as tf.Tensor3D;
}

/**
 * Gradients of inputs, kernel, recurrent kernel and bias, and of the initial state if there is one.
 *
 * @param dy [time, batch, units]
 */
function gradients(dy: tf.Tensor3D, saved: tf.Tensor[]): tf.Tensor[] {
  const [x, kernel, recurrentKernel, i, cs, f, o, ci, co, h, h0, c0] = saved;
  const [time, batch, units] = dy.shape;
  const width = x.shape[2]!;
  const before = shifted(cs as tf.Tensor3D, c0);
  // A gate's gradient is the cell's (or, for o, the output's) times these [time, batch, units].
  const perI = tf.mul(ci, slope(i));
  const perF = tf.mul(before, slope(f));
  const perC = tf.mul(i, tf.sub(1, tf.square(ci)));
  const perO = tf.unstack(tf.mul(co, slope(o)));
  const cellPerOutput = tf.unstack(tf.mul(o, tf.sub(1, tf.square(co))));
  const perCell = tf.unstack(tf.stack([perI, perF, perC], 2)); // [batch, 3, units] a step
  const dys = tf.unstack(dy);
  const forget = tf.unstack(f);

  // Transposed once: otherwise a product with few rows takes three times as long.
  const transposed = tf.transpose(recurrentKernel) as tf.Tensor2D; // [4 units, units]
  const steps = new Array<tf.Tensor>(time);
  let dCell: tf.Tensor | undefined;
  for (let t = time - 1; t >= 0; t--) {
    const dh = t === time - 1
      ? dys[t]
      : tf.add(dys[t], tf.matMul(steps[t + 1] as tf.Tensor2D, transposed));
    const fromOutput = tf.mul(dh, cellPerOutput[t]);
    const dc: tf.Tensor = dCell === undefined ? fromOutput : tf.add(fromOutput, dCell);
    const inner = tf.mul(tf.reshape(dc, [batch, 1, units]), perCell[t]);
    steps[t] = tf.concat([tf.reshape(inner, [batch, 3 * units]), tf.mul(dh, perO[t])], 1);
    dCell = tf.mul(dc, forget[t]);
  }
  const gates = tf.concat(steps, 0) as tf.Tensor2D; // [time × batch, 4 units]
  const flatInputs = tf.reshape(x, [time * batch, width]) as tf.Tensor2D;
  const flatBefore = tf.reshape(shifted(h as tf.Tensor3D, h0), [
    time * batch,
    units,
  ]) as tf.Tensor2D;
  return [
    tf.reshape(tf.matMul(gates, kernel as tf.Tensor2D, false, true), [time, batch, width]),
    tf.matMul(flatInputs, gates, true, false),
    tf.matMul(flatBefore, gates, true, false),
    tf.sum(gates, 0),
    ...h0 ? [tf.matMul(steps[0] as tf.Tensor2D, transposed), dCell!] : [],
  ];
}

/**
 * The values of the step before.
 *
 * @param x [time, batch, units]
 * @param first those before the first step [batch, units]; zeros if omitted
 */
function shifted(x: tf.Tensor3D, first?: tf.Tensor): tf.Tensor3D {
  const [time, batch, units] = x.shape;
  return tf.concat([
    (first ? tf.expandDims(first, 0) : tf.zeros([1, batch, units])) as tf.Tensor3D,
    tf.slice(x, [0, 0, 0], [time - 1, batch, units]),
  ], 0);
}

/** The sigmoid's derivative, from its value. */
function slope(sigmoid: tf.Tensor): tf.Tensor {
  return tf.mul(sigmoid, tf.sub(1, sigmoid));
}
