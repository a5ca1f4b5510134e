import type { FunctionBody, Value } from "./function_body.ts";

/** An LSTM's state, or its gradients, each part [rows, units]. */
export interface State {
  h: Value;
  c: Value;
}

/** How rows of one step go on in the next; without it all of them do. */
export interface Endings {
  /** What goes on of a step's rows. @param step the next one, from 1 */
  goingOn(value: Value, step: number): Value;
  /** The other way round: zeros for the rows that ended. */
  comingBack(value: Value, step: number): Value;
}

/** Cells and gates i, f, c, o: values of a step that the backward pass needs, besides its outputs. */
export const KEPT = 5;

/**
 * Keras' equations with sigmoid gates i, f, c, o.
 *
 * @param inputs of each step what it reads, projected to the gates [rows, 4 units]
 * @param kernel the recurrent one [units, 4 units]
 * @param before the state before the first step; zeros without it
 * @returns of each step its outputs, then the values that the backward pass needs, all [rows, units]
 */
export function forward(
  body: FunctionBody,
  inputs: readonly Value[],
  kernel: Value,
  { before, endings }: { before?: State; endings?: Endings } = {},
): Value[][] {
  const all: Value[][] = [];
  let state = before;
  for (const [step, input] of inputs.entries()) {
    if (step > 0 && endings) {
      state = { h: endings.goingOn(state!.h, step), c: endings.goingOn(state!.c, step) };
    }
    const sum = state === undefined ? input : body.add(body.matMul(state.h, kernel), input);
    const [i, f, candidate, o] = body.split(sum, 4, 1)
      .map((gate, n) => body.op(n === 2 ? "Tanh" : "Sigmoid", [gate]));
    const written = body.mul(i, candidate);
    const c = state === undefined ? written : body.add(written, body.mul(f, state.c));
    const h = body.mul(o, body.op("Tanh", [c]));
    state = { h, c };
    all.push([h, c, i, f, candidate, o]);
  }
  return all;
}

/** Of each kind of value all steps one after the other [rows of all, units]. */
export function joinSteps(body: FunctionBody, steps: readonly Value[][]): Value[] {
  return steps[0].map((_, n) => body.concat(steps.map((values) => values[n])));
}

/** What the backward pass reads, step by step. */
export interface Kept {
  /** Of the outputs, the last layer's gradients. */
  dys: readonly Value[];
  /** Of what {@linkcode forward} returned the cells, and the gates i, f, c, o. */
  values: readonly (readonly Value[])[];
}

/** Gradients of the sums that the gates are computed from, and of the state before the first step. */
export interface LstmGradients {
  /** Step by step [rows, 4 units]. */
  gates: Value[];
  before?: State;
}

/** The same equations backwards; the kernels' gradients follow from those of the gates. */
export function backward(
  body: FunctionBody,
  { dys, values: [cs, ...gatesOf] }: Kept,
  kernel: Value,
  { before, endings }: { before?: State; endings?: Endings } = {},
): LstmGradients {
  const transposed = body.transpose(kernel); // once: a product with few rows is faster so
  const gates = new Array<Value>(dys.length);
  let next: State | undefined; // of the step after
  for (let step = dys.length - 1; step >= 0; step--) {
    const [i, f, candidate, o] = gatesOf.map((values) => values[step]);
    const plus = (own: Value, later: Value | undefined) =>
      later === undefined ? own : body.add(own, endings?.comingBack(later, step + 1) ?? later);
    const cellBefore = step === 0
      ? before?.c
      : endings?.goingOn(cs[step - 1], step) ?? cs[step - 1];
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
    ], 1);
    if (cellBefore === undefined) return { gates };
    next = { h: body.matMul(gates[step], transposed), c: body.mul(dc, f) };
  }
  return { gates, before: next };
}
