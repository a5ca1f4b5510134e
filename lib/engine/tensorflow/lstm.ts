import * as tf from "@tensorflow/tfjs";
import type { Arithmetic, LstmState } from "../../nn/mod.ts";
import type { TensorFlowBackend } from "./backend.ts";
import type { Value } from "./function_body.ts";
import { callFunction, type GraphFunction } from "./graph_function.ts";
import { functionSteps, ROW_TENSORS, rowTensors, stepRows } from "./lstm_rows.ts";
import { backward, forward, joinSteps, KEPT, type State } from "./lstm_steps.ts";

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
  const [time, batch, width] = inputs.shape;
  const steps = functionSteps(time);
  const units = recurrentKernel.shape[0];
  const sizes = `${steps}_steps_${width}_inputs_${units}_units${initial ? "_initial" : ""}`;
  const run = tf.customGrad((...args) => {
    const save = args.at(-1) as unknown as tf.GradSaveFunc;
    const given = args.slice(0, -1) as tf.Tensor[];
    const rows = rowTensors(new Array(time).fill(batch), "first");
    const results = callFunction(backend, forwards, [...rows, ...given]);
    save([...rows, ...given, ...results]);
    return {
      value: tf.reshape(results[0], [time, batch, units]),
      gradFunc: (dy, saved) => {
        const [dInputs, ...others] = callFunction(backend, backwards, [
          tf.reshape(dy, [time * batch, units]),
          ...saved,
        ]);
        return [tf.reshape(dInputs, [time, batch, width]), ...others];
      },
    };
  });

  const forwards: GraphFunction = {
    name: `lstm_forward_${sizes}`,
    arithmetic,
    outputs: 1 + KEPT,
    build(body, inputs) {
      const endings = stepRows(body, inputs.slice(0, ROW_TENSORS), steps, "first");
      const [x, kernel, recurrent, bias, ...before] = inputs.slice(ROW_TENSORS);
      const projected = body.linear(body.reshape(x, [-1, width]), kernel, bias);
      const options = { before: state(before), endings };
      return joinSteps(body, forward(body, endings.cut(projected), recurrent, options));
    },
  };

  const backwards: GraphFunction = {
    name: `lstm_backward_${sizes}`,
    arithmetic,
    outputs: initial ? 6 : 4,
    build(body, [dy, ...inputs]) {
      const endings = stepRows(body, inputs.slice(0, ROW_TENSORS), steps, "first");
      const [x, kernel, recurrent, _bias, ...rest] = inputs.slice(ROW_TENSORS);
      const [before, all] = [state(rest.slice(0, -KEPT - 1)), rest.slice(-KEPT - 1)];
      const [hs, ...values] = all.map((value) => endings.cut(value));
      const kept = { dys: endings.cut(dy), values };
      const found = backward(body, kept, recurrent, { before, endings });
      const gates = body.concat(found.gates);
      const read = hs.slice(0, -1).map((h, i) => endings.goingOn(h, i + 1));
      return [
        body.matMul(gates, kernel, { transposeB: true }),
        body.matMul(body.reshape(x, [-1, width]), gates, { transposeA: true }),
        body.matMul(
          body.concat(before ? [before.h, ...read] : read),
          before ? gates : body.concat(found.gates.slice(1)),
          { transposeA: true },
        ),
        body.op("BiasAddGrad", [gates]),
        ...found.before ? [found.before.h, found.before.c] : [],
      ];
    },
  };

  const before = initial ? [initial.h, initial.c] : [];
  return run(inputs, kernel, recurrentKernel, bias, ...before) as tf.Tensor3D;
}

function state([h, c]: Value[]): State | undefined {
  return h === undefined ? undefined : { h, c };
}
