import * as tf from "@tensorflow/tfjs";
import type { LstmState } from "../../nn/mod.ts";
import type { TensorFlowBackend } from "./backend.ts";
import { callFunction, type FunctionBody, type Value } from "./graph_function.ts";
import { backward, forward, type InitialState, KEPT, type LstmSteps } from "./lstm_steps.ts";

/**
 * A whole LSTM sequence: two functions of TensorFlow, forwards and backwards. Inputs are projected to
 * the gates in one product for all steps, and so are the gradients of inputs and weights; only what
 * depends on the step before (or after) is computed step by step.
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
  const [time, , width] = inputs.shape;
  const units = recurrentKernel.shape[0];
  const sizes: LstmSteps = { steps: time, items: time, inOrder: true, ending: 0, units };
  const named = (direction: string) =>
    `lstm_${direction}_${time}_steps_${width}_inputs_${units}_units${initial ? "_initial" : ""}`;
  const state = (body: FunctionBody, [h, c]: Value[]): InitialState | undefined =>
    initial && { h: body.reshape(h, [1, -1, units]), c: body.reshape(c, [1, -1, units]) };
  const run = tf.customGrad((...args) => {
    const save = args.at(-1) as unknown as tf.GradSaveFunc;
    const given = args.slice(0, -1) as tf.Tensor[];
    const results = callFunction(backend, named("forward"), given, KEPT, (body, inputs) => {
      const [x, kernel, recurrentKernel, bias, ...before] = inputs;
      const projected = body.add(body.matMul(body.reshape(x, [-1, width]), kernel), bias);
      const gates = body.reshape(projected, [time, -1, 4 * units]);
      return forward(body, gates, recurrentKernel, sizes, state(body, before));
    });
    save([...given, ...results]);
    return {
      value: results[0],
      gradFunc: (dy, saved) =>
        callFunction(backend, named("backward"), [dy, ...saved], given.length, (body, inputs) => {
          const [dy, x, kernel, recurrentKernel, _bias, ...rest] = inputs;
          const [before, kept] = [rest.slice(0, -KEPT), rest.slice(-KEPT)];
          const of = backward(body, dy, recurrentKernel, kept, sizes, state(body, before));
          const gates = body.reshape(of.projected, [-1, 4 * units]);
          const flat = body.reshape(x, [-1, width]);
          const flattened = (value: Value) => body.reshape(value, [-1, units]);
          return [
            body.reshape(body.matMul(gates, kernel, { transposeB: true }), [time, -1, width]),
            body.matMul(flat, gates, { transposeA: true }),
            of.kernel ?? body.op("ZerosLike", [recurrentKernel]),
            body.op("BiasAddGrad", [gates]),
            ...of.initial ? [flattened(of.initial.h), flattened(of.initial.c)] : [],
          ];
        }),
    };
  });
  const before = initial ? [initial.h, initial.c] : [];
  return run(inputs, kernel, recurrentKernel, bias, ...before) as tf.Tensor3D;
}
