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
  const [items, batch, width] = lstms[0].projected.shape;
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
  const flat = lstms.map(({ projected }) => tf.reshape(projected, [items * batch, width]));
  const value = run(...flat, ...lstms.map(({ recurrentKernel }) => recurrentKernel));
  return parts(tf.reshape(value, [-1, batch, units]) as tf.Tensor3D, count);
}

/** TF.js' gradient of split fails where there is one part. */
function parts<T extends tf.Tensor>(x: T, count: number): T[] {
  return count === 1 ? [x] : tf.split(x, count, 0);
}

/** @returns outputs, cells and gates i, f, c, o of all steps, each [items of all steps × batch, units] */
function forward(body: FunctionBody, x: Value, kernel: Value, sizes: Sizes): Value[] {
  const { items, units, steps, ending } = sizes;
  const all: Value[][] = [];
  for (let step = 0; step < steps; step++) {
    const left = itemsOf(sizes, step);
    const input = take(body, x, 4 * units, { from: 0, count: left, of: items });
    const before = all.at(-1)?.slice(0, 2)
      .map((value) => take(body, value, units, { from: ending, count: left, of: left + ending }));
    const sum = before === undefined ? input : body.add(body.matMul(before[0], kernel), input);
    const [i, f, candidate, o] = body.split(sum, 4, 1)
      .map((gate, n) => body.op(n === 2 ? "Tanh" : "Sigmoid", [gate]));
    const written = body.mul(i, candidate);
    const c = before === undefined ? written : body.add(written, body.mul(f, before[1]));
    all.push([body.mul(o, body.op("Tanh", [c])), c, i, f, candidate, o]);
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
  const of = startOf(sizes, steps);
  const transposed = body.transpose(kernel); // once: a product with few rows is faster so
  const gates = new Array<Value>(steps);
  let next: { h: Value; c: Value } | undefined; // of the step after, at the items that go on
  for (let step = steps - 1; step >= 0; step--) {
    const count = itemsOf(sizes, step);
    const [dOwn, , c, i, f, candidate, o] = [dy, ...kept]
      .map((value) => take(body, value, units, { from: startOf(sizes, step), count, of }));
    const plus = (own: Value, later: Value | undefined) =>
      later === undefined
        ? own
        : body.add(own, pad(body, later, units, [ending, 0], count - ending));
    const tanhC = body.op("Tanh", [c]);
    const dh = plus(dOwn, next?.h);
    const dc = plus(body.op("TanhGrad", [tanhC, body.mul(dh, o)]), next?.c);
    const slope = (gate: Value, other: Value) =>
      body.op("SigmoidGrad", [gate, body.mul(dc, other)]);
    const dForget = () => {
      const from = startOf(sizes, step - 1) + ending;
      return slope(f, take(body, kept[1], units, { from, count, of }));
    };
    gates[step] = body.concat([
      slope(i, candidate),
      step === 0 ? body.op("ZerosLike", [f]) : dForget(),
      body.op("TanhGrad", [candidate, body.mul(dc, i)]),
      body.op("SigmoidGrad", [o, body.mul(dh, tanhC)]),
    ], 1);
    if (step > 0) next = { h: body.matMul(gates[step], transposed), c: body.mul(dc, f) };
  }
  const dKernel = steps === 1
    ? body.op("ZerosLike", [kernel])
    : kernelGradient(body, gates, kept[0], sizes);
  return [inputGradient(body, gates, sizes), dKernel];
}

/** Each input is read by one sequence in each step. */
function inputGradient(body: FunctionBody, gates: Value[], sizes: Sizes): Value {
  const { units, ending } = sizes;
  if (ending === 0) return body.addN(gates);
  return gates.reduceRight((sum, gate, step) =>
    body.add(gate, pad(body, sum, 4 * units, [0, ending], itemsOf(sizes, step + 1)))
  );
}

/** @param h outputs of all steps */
function kernelGradient(body: FunctionBody, gates: Value[], h: Value, sizes: Sizes): Value {
  const { units, steps, ending } = sizes;
  const of = startOf(sizes, steps);
  const product = (from: number, count: number, after: Value) =>
    body.matMul(take(body, h, units, { from, count, of }), after, { transposeA: true });
  // Few rows make poor products.
  if (ending === 0) return product(0, startOf(sizes, steps - 1), body.concat(gates.slice(1)));
  return body.addN(
    gates.slice(1).map((gate, step) =>
      product(startOf(sizes, step) + ending, itemsOf(sizes, step + 1), gate)
    ),
  );
}

/** Some of the items of a matrix [items × batch, width]. */
function take(
  body: FunctionBody,
  x: Value,
  width: number,
  { from, count, of }: { from: number; count: number; of: number },
): Value {
  if (count === of) return x;
  const taken = body.slice(body.reshape(x, [of, -1, width]), from, count);
  return body.reshape(taken, [-1, width]);
}

/** Items of zeros before and after those of a matrix [items × batch, width]. */
function pad(
  body: FunctionBody,
  x: Value,
  width: number,
  [before, after]: [number, number],
  items: number,
): Value {
  if (before === 0 && after === 0) return x;
  return body.reshape(body.pad(body.reshape(x, [items, -1, width]), before, after), [-1, width]);
}

/** Items that are left in a step. */
function itemsOf({ items, ending }: Sizes, step: number): number {
  return items - step * ending;
}

/** Items of all steps before one. */
function startOf({ items, ending }: Sizes, step: number): number {
  return step * items - ending * step * (step - 1) / 2;
}
