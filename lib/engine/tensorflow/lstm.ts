import * as tf from "@tensorflow/tfjs";
import type { Arithmetic, LstmState } from "../../nn/mod.ts";
import type { TensorFlowBackend } from "./backend.ts";
import { callFunction, type FunctionBody, type Value } from "./graph_function.ts";
import { backward, forward, KEPT, type State } from "./lstm_steps.ts";

/**
 * A whole LSTM sequence: two functions of TensorFlow, forwards and backwards. Inputs are projected to
 * the gates in one product for all steps, and so are the gradients of inputs and weights; only what
 * depends on the step before (or after) is computed step by step.
 *
 * @param arithmetic that of its products
 * @param inputs [time, batch, inputs]
 * @param kernel [inputs, 4 units], gates i, f, c, o
 * @param recurrentKernel [units, 4 units]
 * @param bias [4 units]
 * @param initial the state before the first step; zeros without gradients if omitted
 * @returns outputs [time, batch, units]
 */
export function lstm(
  backend: TensorFlowBackend,
  arithmetic: Arithmetic,
  inputs: tf.Tensor3D,
  kernel: tf.Tensor2D,
  recurrentKernel: tf.Tensor2D,
  bias: tf.Tensor1D,
  initial?: LstmState,
): tf.Tensor3D {
  const [time, , width] = inputs.shape;
  const units = recurrentKernel.shape[0];
  const sizes = `${time}_steps_${width}_inputs_${units}_units${initial ? "_initial" : ""}`;
  const run = tf.customGrad((...args) => {
    const save = args.at(-1) as unknown as tf.GradSaveFunc;
    const given = args.slice(0, -1) as tf.Tensor[];
    const forward = { name: `lstm_forward_${sizes}`, arithmetic, outputs: KEPT, build: forwards };
    const results = callFunction(backend, forward, given);
    save([...given, ...results]);
    const value = tf.reshape(results[0], [time, -1, units]);
    const outputs = given.length;
    const backward = { name: `lstm_backward_${sizes}`, arithmetic, outputs, build: backwards };
    return { value, gradFunc: (dy, saved) => callFunction(backend, backward, [dy, ...saved]) };
  });

  function forwards(body: FunctionBody, inputs: Value[]): Value[] {
    const [x, kernel, recurrent, bias, ...before] = inputs;
    const projected = body.linear(body.reshape(x, [-1, width]), kernel, bias);
    return forward(body, body.split(projected, time, 0), recurrent, { before: state(before) });
  }

  function backwards(body: FunctionBody, inputs: Value[]): Value[] {
    const [dy, x, kernel, recurrent, _bias, ...rest] = inputs;
    const [before, all] = [state(rest.slice(0, -KEPT)), rest.slice(-KEPT)];
    const values = all.map((value) => body.split(value, time, 0));
    const dys = body.split(body.reshape(dy, [-1, units]), time, 0);
    const found = backward(body, { dys, values }, recurrent, { before });
    const gates = body.concat(found.gates);
    const read = [...before ? [before.h] : [], ...values[0].slice(0, -1)];
    const reading = before ? found.gates : found.gates.slice(1);
    return [
      body.reshape(body.matMul(gates, kernel, { transposeB: true }), [time, -1, width]),
      body.matMul(body.reshape(x, [-1, width]), gates, { transposeA: true }),
      read.length === 0
        ? body.op("ZerosLike", [recurrent])
        : body.matMul(body.concat(read), body.concat(reading), { transposeA: true }),
      body.op("BiasAddGrad", [gates]),
      ...found.before ? [found.before.h, found.before.c] : [],
    ];
  }

  const before = initial ? [initial.h, initial.c] : [];
  return run(inputs, kernel, recurrentKernel, bias, ...before) as tf.Tensor3D;
}

function state([h, c]: Value[]): State | undefined {
  return h === undefined ? undefined : { h, c };
}
