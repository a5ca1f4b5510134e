import * as tf from "@tensorflow/tfjs";
import type { AttentionLstmStep } from "./attention_lstm.ts";
import type { AttentionLstmInputs } from "./attention_lstm_inputs.ts";
import { byPhoto, byRow } from "./attention_rows.ts";
import { lookBackGradients } from "./attention_sentinel.ts";
import type { FusedOps } from "./fused_ops.ts";

/** What a step's gradient needs. */
type Kept = Omit<AttentionLstmStep, "after">;

/** Gradients of a step's sums, before activations, and of its parts. */
interface StepGradients {
  /** Of the LSTM's gates [rows, 4 units]. */
  gates: tf.Tensor2D;
  /** Of the gates, the query, the context's gate and the sentinel's gate [rows, …]. */
  projected: tf.Tensor2D;
  /** Of the sentinel's gate [rows, units]. */
  own?: tf.Tensor2D;
  /** Of the sentinel's key and value [rows, 2 width]. */
  sentinel?: tf.Tensor2D;
  /** [photos, heads, rows of a photo, regions] */
  scores: tf.Tensor4D;
  /** [photos, heads, rows of a photo, width / heads] */
  seen: tf.Tensor4D;
  /** Of the cells before the step. */
  c: tf.Tensor2D;
}

/**
 * Gradients of an attention LSTM's inputs, in the order of its gradient function.
 *
 * @param dy of what `attentionLstm` returns [rows of all steps, units + width + regions]
 */
export function attentionLstmGradients(
  dy: tf.Tensor2D,
  { rows, memory, arrays }: AttentionLstmInputs,
  steps: readonly Kept[],
  fused?: FusedOps,
): tf.Tensor[] {
  const [photos, heads, regions, part] = memory.keys.shape;
  const [units, width] = [arrays.recurrent.shape[0], heads * part];
  const product = fused?.matMul ?? tf.matMul;
  const transposed = (x: tf.Tensor2D) => tf.transpose(x) as tf.Tensor2D;
  const columns = tf.split(dy, [units, width, regions], 1) as tf.Tensor2D[];
  const [dhs, dContexts, dMeans] = columns.map((all) =>
    tf.split(all, [...rows], 0) as tf.Tensor2D[]
  );
  // Once: products of few rows are faster so.
  const recurrent = transposed(arrays.recurrent);
  const kernels = {
    context: transposed(arrays.context),
    sentinel: arrays.sentinel && transposed(arrays.sentinel),
  };
  const found = new Array<StepGradients>(rows.length);
  let [dh, dc]: (tf.Tensor2D | undefined)[] = [];
  for (let step = rows.length - 1; step >= 0; step--) {
    const all = (x?: tf.Tensor2D) => x && withZeros(x, rows[step]);
    const later = { h: dh ? tf.add(dhs[step], all(dh)!) as tf.Tensor2D : dhs[step], c: all(dc) };
    const dShares = byPhoto(tf.div(dMeans[step], heads), photos, 1);
    const own = { context: dContexts[step], shares: dShares };
    found[step] = stepGradients(steps[step], later, own, memory, kernels, fused);
    dh = product(found[step].projected, recurrent) as tf.Tensor2D;
    dc = found[step].c;
  }
  const below = (all: tf.Tensor2D[]) => all.length === 1 ? all[0] : tf.concat(all, 0);
  const gates = below(found.map(({ gates }) => gates));
  const own = found[0].own && below(found.map(({ own }) => own!));
  const projected = below(found.map(({ projected }) => projected));
  const ofWords = own ? tf.concat([gates, own], 1) : gates;
  /** Of a kernel, from what it was multiplied with and its product's gradient. */
  const ofKernel = (read: tf.Tensor2D[], gradient: tf.Tensor2D) =>
    product(transposed(below(read)), gradient);
  const alongTime = (all: tf.Tensor4D[]) =>
    all.length === 1 ? all[0] : tf.concat(all, 2) as tf.Tensor4D; // [photos, heads, rows of a photo, …]
  const [scores, queries, shares, seen] = [
    found.map(({ scores }) => scores),
    steps.map(({ query }) => query),
    steps.map(({ shares }) => shares),
    found.map(({ seen }) => seen),
  ].map(alongTime);
  return [
    ofWords,
    dh!,
    dc!,
    tf.matMul(scores, queries, true, false),
    tf.matMul(shares, seen, true, false),
    ofKernel(steps.map(({ before }) => before.h), projected),
    tf.sum(projected, 0),
    ofKernel(steps.map(({ context }) => context), gates),
    ...arrays.sentinel
      ? [
        ofKernel(
          steps.map(({ sentinel }) => sentinel!.kept),
          below(found.map(({ sentinel }) => sentinel!)),
        ),
      ]
      : [],
  ];
}

function stepGradients(
  { before, gates: [i, f, candidate, o], tanhC, query, shares, seen, open, sentinel }: Kept,
  later: { h: tf.Tensor2D; c?: tf.Tensor2D },
  own: { context: tf.Tensor2D; shares: tf.Tensor },
  { keys, values }: AttentionLstmInputs["memory"],
  kernels: { context: tf.Tensor2D; sentinel?: tf.Tensor2D },
  fused?: FusedOps,
): StepGradients {
  const slope = (gate: tf.Tensor, gradient: tf.Tensor) =>
    tf.mul(tf.mul(gradient, gate), tf.sub(1, gate));
  const throughC = tf.mul(tf.mul(later.h, o), tf.sub(1, tf.square(tanhC)));
  const dc = later.c ? tf.add(throughC, later.c) : throughC;
  const gates = tf.concat([
    slope(i, tf.mul(dc, candidate)),
    slope(f, tf.mul(dc, before.c)),
    tf.mul(tf.mul(dc, i), tf.sub(1, tf.square(candidate))),
    slope(o, tf.mul(later.h, tanhC)),
  ], 1) as tf.Tensor2D;
  const read = (fused?.matMul ?? tf.matMul)(gates, kernels.context) as tf.Tensor2D;
  const dContext = tf.add(read, own.context);
  const dSeen = byPhoto(tf.mul(dContext, open), query.shape[0], query.shape[1]);
  const dShares = tf.add(tf.matMul(dSeen, values, false, true), own.shares);
  const looked = sentinel &&
    lookBackGradients(sentinel, query, kernels.sentinel!, { dShares, dSeen }, fused);
  const scores: tf.Tensor4D = looked?.scores ??
    tf.mul(shares, tf.sub(dShares, tf.sum(tf.mul(shares, dShares), 3, true)));
  const ofRegions = tf.matMul(scores, keys);
  const dQuery = looked ? tf.add(ofRegions, looked.query) : ofRegions;
  const dOpen = slope(open, tf.mul(dContext, seen));
  const ofCells = tf.mul(dc, f);
  return {
    gates,
    projected: tf.concat(
      [gates, byRow(dQuery as tf.Tensor4D), dOpen, ...looked ? [looked.gate] : []],
      1,
    ) as tf.Tensor2D,
    own: looked?.gate,
    sentinel: looked?.projected,
    scores,
    seen: dSeen,
    c: looked ? tf.add(ofCells, looked.c) : ofCells as tf.Tensor2D,
  };
}

/** The gradient of all rows of a step by that of the first, which go on. */
function withZeros(x: tf.Tensor2D, rows: number): tf.Tensor2D {
  return x.shape[0] === rows ? x : tf.pad(x, [[0, rows - x.shape[0]], [0, 0]]);
}
