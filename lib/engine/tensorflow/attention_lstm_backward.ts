import {
  type AttentionSizes,
  type AttentionWeights,
  byPhoto,
  byRow,
  type Kept,
  type Memory,
  scaleOf,
} from "./attention_values.ts";
import type { FunctionBody, Value } from "./function_body.ts";
import type { StepRows } from "./lstm_rows.ts";
import type { State } from "./lstm_steps.ts";

/** Gradients of a step, and values of it that the weights' gradients are made from. */
interface StepGradients {
  /** Of the sums of the LSTM's gates. */
  gates: Value;
  /** Of all that comes from the output before. */
  projected: Value;
  /** Of the regions' scores. */
  scores: Value;
  /** Of what was seen, by photo. */
  seen: Value;
  /** Of the cells before the step. */
  c: Value;
  /** What was read beside the word. */
  context: Value;
  /** The output before the step. */
  before: Value;
  /** Of a sentinel. */
  looked?: SentinelGradients;
}

/** Gradients of a sentinel's parts. */
interface SentinelGradients {
  /** Of its gate's sum. */
  gate: Value;
  /** Of its key and value, side by side. */
  projected: Value;
  /** What its key and value are made from. */
  kept: Value;
  scores: Value;
  query: Value;
  c: Value;
}

/**
 * The equations of `attentionLstmGradients()` in `lib/nn/attention_lstm_gradients.ts`.
 *
 * @param dy of the outputs
 * @returns gradients of words, the state before, keys, values and weights
 */
export function attentionBackward(
  body: FunctionBody,
  dy: Value,
  kept: readonly Kept[],
  initial: State,
  memory: Memory,
  weights: AttentionWeights,
  sizes: AttentionSizes,
  rows: StepRows,
): Value[] {
  const { heads, part, units, regions, sentinel } = sizes;
  const [dhs, dContexts, dMeans] = body.cutAlong(dy, [units, heads * part, regions], 1)
    .map((all) => rows.cut(all));
  // Once: products of few rows are faster so.
  const recurrent = body.transpose(weights.recurrent);
  const transposed = {
    context: body.transpose(weights.context),
    sentinel: sentinel ? body.transpose(weights.sentinel!) : undefined,
  };
  const found = new Array<StepGradients>(kept.length);
  let later: State | undefined;
  for (let step = kept.length - 1; step >= 0; step--) {
    const before = step === 0 ? initial : {
      h: rows.goingOn(kept[step - 1].h, step),
      c: rows.goingOn(kept[step - 1].c, step),
    };
    const dh = later ? body.add(dhs[step], rows.comingBack(later.h, step + 1)) : dhs[step];
    const dc = later && rows.comingBack(later.c, step + 1);
    const own = { h: dh, c: dc, context: dContexts[step], mean: dMeans[step] };
    found[step] = stepBackward(body, kept[step], before, own, memory, transposed, sizes);
    later = { h: body.matMul(found[step].projected, recurrent), c: found[step].c };
  }
  const below = (of: (step: StepGradients) => Value) => body.concat(found.map(of));
  const ofKernel = (read: Value, gradient: Value) => body.matMul(body.transpose(read), gradient);
  const ofMemory = (one: Value[], other: Value[]) =>
    body.batchMatMul(body.concat(one, 2), body.concat(other, 2), { transposeA: true });
  const gates = below((step) => step.gates);
  const projected = below((step) => step.projected);
  return [
    sentinel ? body.concat([gates, below(({ looked }) => looked!.gate)], 1) : gates,
    later!.h,
    later!.c,
    ofMemory(found.map(({ scores }) => scores), kept.map(({ query }) => query)),
    ofMemory(kept.map(({ shares }) => shares), found.map(({ seen }) => seen)),
    ofKernel(below(({ before }) => before), projected),
    body.sum(projected),
    ofKernel(below(({ context }) => context), gates),
    ...sentinel
      ? [ofKernel(below(({ looked }) => looked!.kept), below(({ looked }) => looked!.projected))]
      : [],
  ];
}

function stepBackward(
  body: FunctionBody,
  { c, i, f, candidate, o, query, shares, seen, open, ...sentinel }: Kept,
  before: State,
  later: { h: Value; c?: Value; context: Value; mean: Value },
  { keys, values }: Memory,
  transposed: { context: Value; sentinel?: Value },
  sizes: AttentionSizes,
): StepGradients {
  const { heads, part, regions } = sizes;
  const tanhC = body.op("Tanh", [c]);
  const throughC = body.mul(body.mul(later.h, o), ofTanh(body, tanhC));
  const dc = later.c ? body.add(throughC, later.c) : throughC;
  const gates = body.concat([
    ofSigmoid(body, i, body.mul(dc, candidate)),
    ofSigmoid(body, f, body.mul(dc, before.c)),
    body.mul(body.mul(dc, i), ofTanh(body, candidate)),
    ofSigmoid(body, o, body.mul(later.h, tanhC)),
  ], 1);
  const dContext = body.add(body.matMul(gates, transposed.context), later.context);
  const dSeen = byPhoto(body, body.mul(dContext, open), sizes);
  const ofEach = body.op("RealDiv", [later.mean, body.number(heads)]);
  const dShares = body.add(
    body.batchMatMul(dSeen, values, { transposeB: true }),
    byPhoto(body, ofEach, { ...sizes, heads: 1, part: regions }),
  );
  const looked = transposed.sentinel
    ? lookBackBackward(
      body,
      { query, shares, ...sentinel } as Required<Kept>,
      before.c,
      transposed.sentinel,
      { dShares, dSeen },
      sizes,
    )
    : undefined;
  const scores = looked?.scores ?? ofShares(body, shares, dShares);
  const ofRegions = body.batchMatMul(scores, keys);
  const dQuery = looked ? body.add(ofRegions, looked.query) : ofRegions;
  const dOpen = ofSigmoid(body, open, body.mul(dContext, seen));
  const ofCells = body.mul(dc, f);
  return {
    gates,
    projected: body.concat(
      [gates, byRow(body, dQuery, heads * part), dOpen, ...looked ? [looked.gate] : []],
      1,
    ),
    scores,
    seen: dSeen,
    c: looked ? body.add(ofCells, looked.c) : ofCells,
    context: body.mul(open, seen),
    before: before.h,
    looked,
  };
}

/** The equations of `lookBackGradients()` in `lib/nn/attention_sentinel.ts`. */
function lookBackBackward(
  body: FunctionBody,
  { query, shares, gate, key, value, share }: Required<Kept>,
  c: Value,
  transposed: Value,
  { dShares, dSeen }: { dShares: Value; dSeen: Value },
  sizes: AttentionSizes,
): SentinelGradients {
  const remembered = body.op("Tanh", [c]);
  const dShare = body.ofRows("Sum", body.mul(dSeen, value), 3);
  const mean = body.add(
    body.ofRows("Sum", body.mul(shares, dShares), 3),
    body.mul(share, dShare),
  );
  const difference = (x: Value) => body.op("Sub", [x, mean]);
  const dScore = body.mul(body.mul(share, difference(dShare)), scaleOf(body, sizes));
  const halves = [body.mul(dScore, query), body.mul(share, dSeen)]
    .map((half) => byRow(body, half, sizes.heads * sizes.part));
  const projected = body.concat(halves, 1);
  const throughGate = body.mul(body.matMul(projected, transposed), gate);
  const one = body.number(1);
  return {
    gate: body.mul(body.mul(throughGate, remembered), body.op("Sub", [one, gate])),
    projected,
    kept: body.mul(gate, remembered),
    scores: body.mul(shares, difference(dShares)),
    query: body.mul(dScore, key),
    c: body.mul(throughGate, ofTanh(body, remembered)),
  };
}

/** Through a softmax. */
function ofShares(body: FunctionBody, shares: Value, dShares: Value): Value {
  const mean = body.ofRows("Sum", body.mul(shares, dShares), 3);
  return body.mul(shares, body.op("Sub", [dShares, mean]));
}

/** Through a sigmoid; its own operation rounds otherwise than TF.js' way does. */
function ofSigmoid(body: FunctionBody, y: Value, dy: Value): Value {
  return body.mul(body.mul(dy, y), body.op("Sub", [body.number(1), y]));
}

/** Slope of a tanh at its result. */
function ofTanh(body: FunctionBody, y: Value): Value {
  return body.op("Sub", [body.number(1), body.op("Square", [y])]);
}
