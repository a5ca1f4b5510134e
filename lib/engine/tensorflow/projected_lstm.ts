import * as tf from "@tensorflow/tfjs";
import type { ProjectedLstm, ProjectedSequences } from "../../nn/mod.ts";
import type { TensorFlowBackend } from "./backend.ts";
import { callFunction, type FunctionBody, type Value } from "./graph_function.ts";

/** Sizes that the functions are made for; the batch may have any. */
interface Sizes extends ProjectedSequences {
  items: number;
  units: number;
}

/** Values that {@linkcode forward} keeps for {@linkcode backward}, besides the outputs. */
const KEPT = 5;

/**
 * LSTMs over projected inputs, see `lib/nn/projected_lstm.ts`: two functions of TensorFlow, forwards
 * and backwards, in which several LSTMs run side by side.
 */
export function projectedLstm(
  backend: TensorFlowBackend,
  lstms: readonly ProjectedLstm[],
  sequences: ProjectedSequences,
): tf.Tensor3D[] {
  const count = lstms.length;
  const [items, , width] = lstms[0].projected.shape;
  const units = width / 4;
  const { steps, ending } = sequences;
  const sizes = { items, units, steps, ending };
  const named = (direction: string) =>
    `lstm_${direction}_${count}_of_${items}_items_${units}_units_${steps}_steps_${ending}_ending`;
  const forwards = (given: tf.Tensor[]) =>
    callFunction(backend, named("forward"), given, count * (KEPT + 1), (body, inputs) => {
      const all = lstms.map((_, n) => forward(body, inputs[n], inputs[count + n], sizes));
      return [...all.map(([h]) => h), ...all.flatMap(([, ...kept]) => kept)];
    });
  const backwards = (given: tf.Tensor[]) =>
    callFunction(backend, named("backward"), given, 2 * count, (body, inputs) => {
      const [dys, kernels, hs] = [0, 1, 2].map((n) => inputs.slice(n * count, (n + 1) * count));
      const gradients = dys.map((dy, n) => {
        const kept = inputs.slice(3 * count + n * KEPT, 3 * count + (n + 1) * KEPT);
        return backward(body, dy, kernels[n], [hs[n], ...kept], sizes);
      });
      return [...gradients.map(([x]) => x), ...gradients.map(([, kernel]) => kernel)];
    });
  const run = tf.customGrad((...args) => {
    const save = args.at(-1) as unknown as tf.GradSaveFunc;
    const given = args.slice(0, -1) as tf.Tensor[];
    const results = forwards(given);
    save([...given.slice(count), ...results]);
    const outputs = results.slice(0, count);
    return {
      // TF.js' own gradients are of one tensor.
      value: count === 1 ? outputs[0] : tf.concat(outputs, 0),
      gradFunc: (dy, saved) => backwards([...parts(dy, count), ...saved]),
    };
  });
  const value = run(
    ...lstms.map(({ projected }) => projected),
    ...lstms.map(({ recurrentKernel }) => recurrentKernel),
  );
  return parts(value as tf.Tensor3D, count);
}

/** TF.js' gradient of split fails where there is one part. */
function parts<T extends tf.Tensor>(x: T, count: number): T[] {
  return count === 1 ? [x] : tf.split(x, count, 0);
}

/** @returns outputs, cells and gates i, f, c, o of all steps, each [items of all steps, batch, units] */
function forward(body: FunctionBody, x: Value, kernel: Value, sizes: Sizes): Value[] {
  const { units, steps, ending } = sizes;
  const all: Value[][] = [];
  for (let step = 0; step < steps; step++) {
    const count = itemsOf(sizes, step);
    const input = step === 0 || ending === 0 ? x : body.slice(x, 0, count);
    const [h, c] = (all.at(-1) ?? []).slice(0, 2)
      .map((value) => ending === 0 ? value : body.slice(value, ending, count));
    const sum = step === 0
      ? input
      : body.add(product(body, h, kernel, count, [units, 4 * units]), input);
    const [i, f, candidate, o] = body.split(sum, 4, 2)
      .map((gate, n) => body.op(n === 2 ? "Tanh" : "Sigmoid", [gate]));
    const written = body.mul(i, candidate);
    const cell = step === 0 ? written : body.add(written, body.mul(f, c));
    all.push([body.mul(o, body.op("Tanh", [cell])), cell, i, f, candidate, o]);
  }
  return all[0].map((_, n) => body.concat(all.map((values) => values[n])));
}

/**
 * @param kept what {@linkcode forward} returned
 * @returns gradients of the projected inputs and of the recurrent kernel
 */
function backward(
  body: FunctionBody,
  dy: Value,
  kernel: Value,
  kept: Value[],
  sizes: Sizes,
): Value[] {
  const { units, steps, ending } = sizes;
  const counts = Array.from({ length: steps }, (_, step) => itemsOf(sizes, step));
  const [dys, hs, cs, ...gatesOf] = [dy, ...kept].map((value) => body.cut(value, counts));
  const transposed = body.transpose(kernel); // once: a product with few rows is faster so
  const gates = new Array<Value>(steps);
  const goingOn = (value: Value, step: number) =>
    ending === 0 ? value : body.slice(value, ending, counts[step + 1]);
  let next: { h: Value; c: Value } | undefined; // of the step after, at the items that go on
  for (let step = steps - 1; step >= 0; step--) {
    const [i, f, candidate, o] = gatesOf.map((values) => values[step]);
    const plus = (own: Value, later: Value | undefined) =>
      later === undefined ? own : body.add(own, ending === 0 ? later : body.pad(later, ending, 0));
    const tanhC = body.op("Tanh", [cs[step]]);
    const dh = plus(dys[step], next?.h);
    const dc = plus(body.op("TanhGrad", [tanhC, body.mul(dh, o)]), next?.c);
    const slope = (gate: Value, other: Value) =>
      body.op("SigmoidGrad", [gate, body.mul(dc, other)]);
    gates[step] = body.concat([
      slope(i, candidate),
      step === 0 ? body.op("ZerosLike", [f]) : slope(f, goingOn(cs[step - 1], step - 1)),
      body.op("TanhGrad", [candidate, body.mul(dc, i)]),
      body.op("SigmoidGrad", [o, body.mul(dh, tanhC)]),
    ], 2);
    if (step === 0) break;
    const dhBefore = product(body, gates[step], transposed, counts[step], [4 * units, units]);
    next = { h: dhBefore, c: body.mul(dc, f) };
  }
  const before = hs.slice(0, -1).map(goingOn);
  const dKernel = steps === 1
    ? body.op("ZerosLike", [kernel])
    : kernelGradient(body, before, gates.slice(1), sizes);
  return [inputGradient(body, gates, sizes), dKernel];
}

/** Each input is read by one sequence in each step. */
function inputGradient(body: FunctionBody, gates: Value[], { ending }: Sizes): Value {
  if (ending === 0) return body.addN(gates);
  return gates.reduceRight((sum, gate) => body.add(gate, body.pad(sum, 0, ending)));
}

/** @param before outputs of all steps but the last, as the next step read them */
function kernelGradient(
  body: FunctionBody,
  before: Value[],
  gates: Value[],
  { units, ending }: Sizes,
): Value {
  const sum = (h: Value, gate: Value) =>
    body.matMul(body.reshape(h, [-1, units]), body.reshape(gate, [-1, 4 * units]), {
      transposeA: true,
    });
  // Few rows make poor products.
  if (ending === 0) return sum(body.concat(before), body.concat(gates));
  return body.addN(gates.map((gate, step) => sum(before[step], gate)));
}

/** `x · kernel` for [items, batch, rows of the kernel]. */
function product(
  body: FunctionBody,
  x: Value,
  kernel: Value,
  items: number,
  [rows, columns]: [number, number],
): Value {
  return body.reshape(body.matMul(body.reshape(x, [-1, rows]), kernel), [items, -1, columns]);
}

/** Items that are left in a step. */
function itemsOf({ items, ending }: Sizes, step: number): number {
  return items - step * ending;
}
