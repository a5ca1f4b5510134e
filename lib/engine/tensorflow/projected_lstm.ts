import * as tf from "@tensorflow/tfjs";
import type { Arithmetic, ProjectedLstm, ProjectedSequences } from "../../nn/mod.ts";
import type { TensorFlowBackend } from "./backend.ts";
import { functionSteps, rowTensors, stepRows } from "./lstm_rows.ts";
import { DataType } from "./data_types.ts";
import type { FunctionBody, Value } from "./function_body.ts";
import { callFunction, type GraphFunction } from "./graph_function.ts";
import { backward, type Endings, forward, joinSteps, KEPT } from "./lstm_steps.ts";

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
  const rows = reads ? readTensors(reads) : [];
  const run = tf.customGrad((...args) => {
    const save = args.at(-1) as unknown as tf.GradSaveFunc;
    const given = args.slice(0, -1) as tf.Tensor[];
    const results = callFunction(backend, forwards, [...rows, ...given]);
    save([...rows, ...given, ...results]);
    const outputs = results.slice(0, count);
    return {
      // TF.js' own gradients are of one tensor.
      value: count === 1 ? outputs[0] : tf.concat(outputs, 0),
      gradFunc: (dy, saved) => callFunction(backend, backwards, [...saved, ...parts(dy, count)]),
    };
  });

  const forwards: GraphFunction = {
    name: `projected_lstm_forward_${name}`,
    arithmetic,
    outputs: count * (1 + (reads ? KEPT * steps : KEPT)),
    build(body, inputs) {
      const reading = readingOf(body, inputs.slice(0, rows.length), steps);
      const [xs, kernels] = groups(inputs.slice(rows.length), count);
      const all = xs.map((x, n) => forward(body, reading.inputs(x), kernels[n], reading));
      const outputs = all.map((steps) => body.concat(steps.map(([h]) => h)));
      return [...outputs, ...all.flatMap((steps) => reading.keep(steps.map(([_, ...own]) => own)))];
    },
  };

  const backwards: GraphFunction = {
    name: `projected_lstm_backward_${name}`,
    arithmetic,
    outputs: 2 * count,
    build(body, inputs) {
      const reading = readingOf(body, inputs.slice(0, rows.length), steps);
      const [xs, kernels, hs] = groups(inputs.slice(rows.length), count);
      const [dys, kept] = [inputs.slice(-count), inputs.slice(rows.length + 3 * count, -count)];
      const each = kept.length / count;
      const gradients = dys.map((dy, n) => {
        const values = reading.kept(kept.slice(n * each, (n + 1) * each));
        const { gates } = backward(body, { dys: reading.cut(dy), values }, kernels[n], reading);
        return reading.gradients(gates, reading.cut(hs[n]), { x: xs[n], kernel: kernels[n] });
      });
      return [...gradients.map(({ x }) => x), ...gradients.map(({ kernel }) => kernel)];
    },
  };

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

/** Which rows the steps read, and what becomes of their values. */
interface Reading {
  endings?: Endings;
  /** Of projected inputs what each step reads. */
  inputs(x: Value): Value[];
  /** Rows of all steps, step by step. */
  cut(value: Value): Value[];
  /** What is kept for the backward pass of the values of each step. */
  keep(steps: Value[][]): Value[];
  /** The other way round: each kind of value, step by step. */
  kept(values: Value[]): Value[][];
  /** Those of inputs and kernel, by those of each step's gates. @param hs outputs of each step */
  gradients(gates: Value[], hs: Value[], given: { x: Value; kernel: Value }): {
    x: Value;
    kernel: Value;
  };
}

/**
 * What is read [rows of all steps], rows of the first step and of all others, and how many rows each
 * step has.
 */
function readTensors(reads: readonly Int32Array[]): tf.Tensor[] {
  const counts = reads.map(({ length }) => length);
  const all = new Int32Array(counts.reduce((sum, count) => sum + count));
  let at = 0;
  for (const rows of reads) {
    all.set(rows, at);
    at += rows.length;
  }
  const firstAndOthers = [counts[0], all.length - counts[0]];
  return [
    tf.tensor1d(all, "int32"),
    tf.tensor1d(firstAndOthers, "int32"),
    ...rowTensors(counts, "first"),
  ];
}

/** @param given the values of {@linkcode readTensors}; none: every step reads all rows */
function readingOf(body: FunctionBody, given: Value[], steps: number): Reading {
  const turned = (h: Value, gates: Value) => body.matMul(h, gates, { transposeA: true });
  return given.length === 0 ? allRows(body, steps, turned) : someRows(body, given, steps, turned);
}

type Turned = (h: Value, gates: Value) => Value;

/** Steps have few rows: values are joined, as each tensor has a price. */
function allRows(body: FunctionBody, steps: number, turned: Turned): Reading {
  const cut = (value: Value) => body.split(value, steps, 0);
  return {
    inputs: (x) => new Array(steps).fill(x),
    cut,
    keep: (steps) => joinSteps(body, steps),
    kept: (values) => values.map(cut),
    gradients: (gates, hs, { kernel }) => ({
      x: body.addN(gates),
      kernel: steps === 1
        ? body.op("ZerosLike", [kernel])
        : turned(body.concat(hs.slice(0, -1)), body.concat(gates.slice(1))),
    }),
  };
}

/** Steps have many rows: values stay apart, as joining them is a pass over memory. */
function someRows(body: FunctionBody, given: Value[], steps: number, turned: Turned): Reading {
  const [read, firstAndOthers, ...rows] = given;
  const endings = stepRows(body, rows, steps, "first");
  return {
    endings,
    inputs: (x) => endings.cut(read, DataType.int32).map((rows) => body.gather(x, rows)),
    cut: (value) => endings.cut(value),
    keep: (steps) => steps.flat(),
    kept: (values) =>
      Array.from({ length: KEPT }, (_, n) => values.filter((_, i) => i % KEPT === n)),
    gradients(gates, hs, { x }) {
      const all = body.concat(gates);
      const before = body.concat(hs.slice(0, -1).map((h, i) => endings.goingOn(h, i + 1)));
      const [, others] = body.cut(all, firstAndOthers, 2);
      return { x: body.sumByRow(all, read, x), kernel: turned(before, others) };
    },
  };
}
