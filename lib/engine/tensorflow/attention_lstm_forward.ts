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

/** A step's values, and what it read beside the word [rows, heads × part]. */
type Step = Kept & { context: Value };

/**
 * The equations of `attentionLstmStep()` in `lib/nn/attention_lstm.ts`, step by step.
 *
 * @param words of each step, projected to the gates
 * @param initial the state before the first
 * @returns what `attentionLstm()` returns, and of each step what the backward pass needs
 */
export function attentionForward(
  body: FunctionBody,
  words: readonly Value[],
  initial: State,
  memory: Memory,
  weights: AttentionWeights,
  sizes: AttentionSizes,
  rows: StepRows,
): { outputs: Value; kept: Kept[] } {
  let state = initial;
  const kept = words.map((word, step) => {
    const before = step === 0 ? state : {
      h: rows.goingOn(state.h, step),
      c: rows.goingOn(state.c, step),
    };
    return state = stepForward(body, word, before, memory, weights, sizes);
  });
  const below = (of: (step: Step) => Value) => body.concat(kept.map(of));
  const outputs = body.concat([
    below(({ h }) => h),
    below(({ context }) => context),
    below(({ shares }) => byRow(body, body.ofRows("Mean", shares, 1), sizes.regions)),
  ], 1);
  return { outputs, kept };
}

function stepForward(
  body: FunctionBody,
  word: Value,
  before: State,
  { keys, values }: Memory,
  weights: AttentionWeights,
  sizes: AttentionSizes,
): Step {
  const { heads, part, units, sentinel } = sizes;
  const width = heads * part;
  const own = sentinel ? [units] : [];
  const projected = body.add(body.matMul(before.h, weights.recurrent), weights.bias);
  const [sums, queried, opened, ownSum] = body.cutAlong(
    projected,
    [4 * units, width, width, ...own],
    1,
  );
  const [read, ownRead] = sentinel ? body.cutAlong(word, [4 * units, units], 1) : [word];
  const query = byPhoto(body, queried, sizes);
  const scores = body.batchMatMul(query, keys, { transposeB: true });
  const looked = sentinel
    ? lookBack(
      body,
      body.add(ownSum, ownRead),
      before.c,
      weights.sentinel!,
      { query, scores },
      sizes,
    )
    : { shares: body.op("Softmax", [scores]) };
  const ofRegions = body.batchMatMul(looked.shares, values);
  const all = "share" in looked
    ? body.add(ofRegions, body.mul(looked.share, looked.value))
    : ofRegions;
  const seen = byRow(body, all, width);
  const open = body.op("Sigmoid", [opened]);
  const context = body.mul(open, seen);
  const ofGates = body.add(body.add(read, sums), body.matMul(context, weights.context));
  const [i, f, candidate, o] = body.split(ofGates, 4, 1)
    .map((sum, n) => body.op(n === 2 ? "Tanh" : "Sigmoid", [sum]));
  const c = body.add(body.mul(f, before.c), body.mul(i, candidate));
  const h = body.mul(o, body.op("Tanh", [c]));
  return { h, c, i, f, candidate, o, query, seen, open, context, ...looked };
}

/** The equations of `lookBack()` in `lib/nn/attention_sentinel.ts`. */
function lookBack(
  body: FunctionBody,
  gateSum: Value,
  c: Value,
  kernel: Value,
  { query, scores }: { query: Value; scores: Value },
  sizes: AttentionSizes,
): { gate: Value; key: Value; value: Value; shares: Value; share: Value } {
  const gate = body.op("Sigmoid", [gateSum]);
  const remembered = body.mul(gate, body.op("Tanh", [c]));
  const [key, value] = body.split(body.matMul(remembered, kernel), 2, 1)
    .map((half) => byPhoto(body, half, sizes));
  const score = body.mul(body.ofRows("Sum", body.mul(query, key), 3), scaleOf(body, sizes));
  const all = body.op("Softmax", [body.concat([scores, score], 3)]);
  const [shares, share] = body.cutAlong(all, [sizes.regions, 1], 3);
  return { gate, key, value, shares, share };
}
