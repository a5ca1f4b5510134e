import type { FunctionBody, Value } from "./graph_function.ts";

/** Which inputs the steps of an LSTM read, and its width. */
export interface LstmSteps {
  /** Steps of the longest sequence. */
  steps: number;
  /** Items of the projected inputs. */
  items: number;
  /** Whether each step reads the next item; otherwise a step reads all items that are left. */
  inOrder: boolean;
  /** So many of the first items that are left end at each step; the others move up. */
  ending: number;
  /** Width of its outputs. */
  units: number;
}

/** An LSTM's state before the first step, each part [1, batch, units]; its gradients likewise. */
export interface InitialState {
  h: Value;
  c: Value;
}

/** Values that {@linkcode forward} returns. */
export const KEPT = 6;

/**
 * Keras' equations with sigmoid gates i, f, c, o.
 *
 * @param x projected inputs [items, batch, 4 units]
 * @param kernel the recurrent one [units, 4 units]
 * @param initial without it the state before the first step is zeros
 * @returns outputs, cells and gates i, f, c, o of all steps, each [items of all steps, batch, units]
 */
export function forward(
  body: FunctionBody,
  x: Value,
  kernel: Value,
  sizes: LstmSteps,
  initial?: InitialState,
): Value[] {
  const { units, steps, ending, inOrder } = sizes;
  const all: Value[][] = [];
  for (let step = 0; step < steps; step++) {
    const count = itemsOf(sizes, step);
    const input = inOrder
      ? body.slice(x, step, 1)
      : step === 0 || ending === 0
      ? x
      : body.slice(x, 0, count);
    const before = step === 0 ? initial : {
      h: goingOn(body, all[step - 1][0], sizes, step),
      c: goingOn(body, all[step - 1][1], sizes, step),
    };
    const sum = before === undefined
      ? input
      : body.add(product(body, before.h, kernel, count, [units, 4 * units]), input);
    const [i, f, candidate, o] = body.split(sum, 4, 2)
      .map((gate, n) => body.op(n === 2 ? "Tanh" : "Sigmoid", [gate]));
    const written = body.mul(i, candidate);
    const cell = before === undefined ? written : body.add(written, body.mul(f, before.c));
    all.push([body.mul(o, body.op("Tanh", [cell])), cell, i, f, candidate, o]);
  }
  return all[0].map((_, n) => body.concat(all.map((values) => values[n])));
}

/** Gradients of an LSTM. */
export interface LstmGradients {
  /** Of the sums that the gates are computed from, [items, batch, 4 units]. */
  projected: Value;
  /** Of the recurrent kernel; none where it was not used: in a single step from zeros. */
  kernel?: Value;
  /** Of the state before the first step, if one was given. */
  initial?: InitialState;
}

/**
 * @param dy gradient of the outputs
 * @param kept what {@linkcode forward} returned
 */
export function backward(
  body: FunctionBody,
  dy: Value,
  kernel: Value,
  kept: Value[],
  sizes: LstmSteps,
  initial?: InitialState,
): LstmGradients {
  const { units, steps, ending } = sizes;
  const counts = Array.from({ length: steps }, (_, step) => itemsOf(sizes, step));
  const [dys, hs, cs, ...gatesOf] = [dy, ...kept].map((value) => body.cut(value, counts));
  const transposed = body.transpose(kernel); // once: a product with few rows is faster so
  const gates = new Array<Value>(steps);
  const back = (gate: Value, step: number) =>
    product(body, gate, transposed, counts[step], [4 * units, units]);
  let next: InitialState | undefined; // of the step after, at the items that go on
  for (let step = steps - 1; step >= 0; step--) {
    const [i, f, candidate, o] = gatesOf.map((values) => values[step]);
    const plus = (own: Value, later: Value | undefined) =>
      later === undefined ? own : body.add(own, ending === 0 ? later : body.pad(later, ending, 0));
    const cellBefore = step === 0 ? initial?.c : goingOn(body, cs[step - 1], sizes, step);
    const tanhC = body.op("Tanh", [cs[step]]);
    const dh = plus(dys[step], next?.h);
    const dc = plus(body.op("TanhGrad", [tanhC, body.mul(dh, o)]), next?.c);
    const slope = (gate: Value, other: Value) =>
      body.op("SigmoidGrad", [gate, body.mul(dc, other)]);
    gates[step] = body.concat([
      slope(i, candidate),
      cellBefore === undefined ? body.op("ZerosLike", [f]) : slope(f, cellBefore),
      body.op("TanhGrad", [candidate, body.mul(dc, i)]),
      body.op("SigmoidGrad", [o, body.mul(dh, tanhC)]),
    ], 2);
    if (cellBefore === undefined) break;
    next = { h: back(gates[step], step), c: body.mul(dc, f) };
  }
  return {
    ...(ending === 0
      ? atOnce(body, kept[0], gates, sizes, initial)
      : stepByStep(body, hs, gates, sizes)),
    initial: initial && next,
  };
}

type SharedGradients = Pick<LstmGradients, "projected" | "kernel">;

/** Where no item ends, the kernel's gradient is one product: few rows make poor ones. */
function atOnce(
  body: FunctionBody,
  h: Value,
  gates: Value[],
  sizes: LstmSteps,
  initial?: InitialState,
): SharedGradients {
  const { steps, inOrder } = sizes;
  const all = body.concat(gates);
  const projected = inOrder ? all : body.addN(gates);
  const count = itemsOf(sizes, 0);
  const left = (steps - 1) * count; // items that go on
  const before = left === 0 ? [] : [body.slice(h, 0, left)];
  const read = left === 0 ? all : body.slice(all, count, left);
  if (initial) {
    return { projected, kernel: turned(body, body.concat([initial.h, ...before]), all, sizes) };
  }
  return {
    projected,
    kernel: left === 0 ? undefined : turned(body, before[0], read, sizes),
  };
}

/** Each input is read by one sequence in each step. */
function stepByStep(
  body: FunctionBody,
  hs: Value[],
  gates: Value[],
  sizes: LstmSteps,
): SharedGradients {
  const sums = gates.slice(1).map((gate, step) =>
    turned(body, goingOn(body, hs[step], sizes, step + 1), gate, sizes)
  );
  return {
    projected: gates.reduceRight((sum, gate) => body.add(gate, body.pad(sum, 0, sizes.ending))),
    kernel: sums.length === 0 ? undefined : body.addN(sums),
  };
}

/** `hᵀ · gates` over all rows. */
function turned(body: FunctionBody, h: Value, gates: Value, { units }: LstmSteps): Value {
  const [left, right] = [body.reshape(h, [-1, units]), body.reshape(gates, [-1, 4 * units])];
  return body.matMul(left, right, { transposeA: true });
}

/** What goes on of the values after the step before. */
function goingOn(body: FunctionBody, value: Value, sizes: LstmSteps, step: number): Value {
  return sizes.ending === 0 ? value : body.slice(value, sizes.ending, itemsOf(sizes, step));
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

/** Items that a step computes. */
function itemsOf({ items, ending, inOrder }: LstmSteps, step: number): number {
  return inOrder ? 1 : items - step * ending;
}
