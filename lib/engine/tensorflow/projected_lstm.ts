import * as tf from "@tensorflow/tfjs";
import type { Arithmetic, ProjectedLstm, ProjectedSequences } from "../../nn/mod.ts";
import type { TensorFlowBackend } from "./backend.ts";
import { functionSteps, rowTensors, stepRows } from "./lstm_rows.ts";
import { DataType } from "./data_types.ts";
import type { FunctionBody, Value } from "./function_body.ts";
import { callFunction, type GraphFunction } from "./graph_function.ts";
import { backward, type Endings, forward, KEPT } from "./lstm_steps.ts";

/**
 * LSTMs over projected inputs, see `lib/nn/projected_lstm.ts`: two functions of TensorFlow, forwards
 * and backwards, in which several LSTMs run side by side.
 */
export function projectedLstm(
  backend: TensorFlowBackend,
  arithmetic: Arithmetic,
  lstms: readonly ProjectedLstm[],
  { steps: longest, reads }: ProjectedSequences,
): tf.Tensor2D[] {
  const steps = reads ? functionSteps(longest) : longest;
  const count = lstms.length;
  const name = `${count}_of_${steps}_steps${reads ? "_reading_rows" : ""}`;
  const run = tf.customGrad((...args) => {
    const save = args.at(-1) as unknown as tf.GradSaveFunc;
    const given = args.slice(0, -1) as tf.Tensor[];
    const rows = reads ? readTensors(reads) : [];
    const results = callFunction(backend, forwards(rows.length), [...rows, ...given]);
    save([...rows, ...given, ...results]);
    const outputs = results.slice(0, count);
    return {
      // TF.js' own gradients are of one tensor.
      value: count === 1 ? outputs[0] : tf.concat(outputs, 0),
      gradFunc: (dy, saved) => {
        const own = (2 + KEPT) * count; // inputs, kernels, and what was kept
        const [rows, others] = [saved.slice(0, -own), saved.slice(-own)];
        const inputs = [...rows, ...parts(dy, count), ...others];
        return callFunction(backend, backwards(rows.length), inputs);
      },
    };
  });

  const forwards = (rows: number): GraphFunction => ({
    name: `projected_lstm_forward_${name}`,
    arithmetic,
    outputs: count * KEPT,
    build(body, inputs) {
      const reading = readingOf(body, inputs.slice(0, rows), steps);
      const [xs, kernels] = groups(inputs.slice(rows), count);
      const all = xs.map((x, n) => forward(body, reading.inputs(x), kernels[n], reading));
      return all[0].flatMap((_, kept) => all.map((values) => values[kept]));
    },
  });

  const backwards = (rows: number): GraphFunction => ({
    name: `projected_lstm_backward_${name}`,
    arithmetic,
    outputs: 2 * count,
    build(body, inputs) {
      const reading = readingOf(body, inputs.slice(0, rows), steps);
      const [dys, xs, kernels, ...kept] = groups(inputs.slice(rows), count);
      const gradients = dys.map((dy, n) => {
        const values = kept.map((values) => reading.cut(values[n]));
        const found = backward(body, { dys: reading.cut(dy), values }, kernels[n], reading);
        return {
          x: reading.inputGradient(found.gates, xs[n]),
          kernel: reading.kernelGradient(values[0], found.gates, kernels[n]),
        };
      });
      return [...gradients.map(({ x }) => x), ...gradients.map(({ kernel }) => kernel)];
    },
  });

  const value = run(
    ...lstms.map(({ projected }) => projected),
    ...lstms.map(({ recurrentKernel }) => recurrentKernel),
  );
  return parts(value as tf.Tensor2D, count);
}

/** What belongs together, one for each LSTM. */
function groups(values: Value[], count: number): Value[][] {
  return Array.from(
    { length: values.length / count },
    (_, i) => values.slice(i * count, (i + 1) * count),
  );
}

/** TF.js' gradient of split fails where there is one part. */
function parts<T extends tf.Tensor>(x: T, count: number): T[] {
  return count === 1 ? [x] : tf.split(x, count, 0);
}

/** Which rows the steps read, and what becomes of their gradients. */
interface Reading {
  endings?: Endings;
  /** Of projected inputs what each step reads. */
  inputs(x: Value): Value[];
  /** Rows of all steps, step by step. */
  cut(value: Value): Value[];
  inputGradient(gates: Value[], x: Value): Value;
  kernelGradient(hs: Value[], gates: Value[], kernel: Value): Value;
}

/** What is read [rows of all steps], and how many rows each step has. */
function readTensors(reads: readonly Int32Array[]): tf.Tensor[] {
  const counts = reads.map(({ length }) => length);
  const all = new Int32Array(counts.reduce((sum, count) => sum + count));
  let at = 0;
  for (const rows of reads) {
    all.set(rows, at);
    at += rows.length;
  }
  return [tf.tensor1d(all, "int32"), ...rowTensors(counts)];
}

/** @param given the values of {@linkcode readTensors}; none: every step reads all rows */
function readingOf(body: FunctionBody, given: Value[], steps: number): Reading {
  const turned = (h: Value, gates: Value) => body.matMul(h, gates, { transposeA: true });
  const none = (kernel: Value) => body.op("ZerosLike", [kernel]);
  if (given.length === 0) {
    return {
      inputs: (x) => new Array(steps).fill(x),
      cut: (value) => body.split(value, steps, 0),
      inputGradient: (gates) => body.addN(gates),
      kernelGradient: (hs, gates, kernel) =>
        steps === 1
          ? none(kernel)
          : turned(body.concat(hs.slice(0, -1)), body.concat(gates.slice(1))),
    };
  }
  const [read, ...rows] = given;
  const endings = stepRows(body, rows, steps);
  return {
    endings,
    inputs: (x) => endings.cut(read, DataType.int32).map((rows) => body.gather(x, rows)),
    cut: (value) => endings.cut(value),
    inputGradient: (gates, x) => body.sumByRow(body.concat(gates), read, x),
    kernelGradient: (hs, gates) =>
      body.addN(gates.slice(1).map((gate, i) => turned(endings.goingOn(hs[i], i + 1), gate))),
  };
}
