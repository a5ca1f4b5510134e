import * as tf from "@tensorflow/tfjs";
import { roundOfRows, type RowsOfPhotos } from "./attention_rows.ts";
import { lookBack, type SentinelStep } from "./attention_sentinel.ts";
import type { AttentionLstmArrays, AttentionMemory } from "./attention_lstm_inputs.ts";
import type { FusedOps } from "./fused_ops.ts";
import type { LstmState } from "./lstm_state.ts";

/** A step of an attention LSTM, with what its gradient needs. */
export interface AttentionLstmStep {
  /** The state before the step. */
  before: LstmState;
  /** The state after it. */
  after: LstmState;
  /** i, f, candidate and o [rows, units]. */
  gates: tf.Tensor2D[];
  /** The tanh of the cells after the step. */
  tanhC: tf.Tensor2D;
  /** [photos, heads, rows of a photo, width / heads] */
  query: tf.Tensor4D;
  /**
   * Each head's shares of the regions [photos, heads, rows of a photo, regions]; without a sentinel's
   * they sum to 1.
   */
  shares: tf.Tensor4D;
  /** What it saw, by these shares [rows, width]. */
  seen: tf.Tensor2D;
  /** How far this is let through [rows, width]. */
  open: tf.Tensor2D;
  /** Their product, which is read beside the word [rows, width]. */
  context: tf.Tensor2D;
  /** Undefined without a sentinel. */
  sentinel?: SentinelStep;
}

/**
 * One step of an LSTM that reads a word and what the output before it chose of some regions: scaled
 * dot attention with several heads (Vaswani et al., 2017), its context gated (Xu et al., 2015) and
 * read beside the word.
 *
 * @param word projected to the gates and, with a sentinel, to its gate [rows, 4 units (+ units)]
 * @param rows which look at which photo. @default {row r at photo r mod photos}
 */
export function attentionLstmStep(
  word: tf.Tensor2D,
  before: LstmState,
  { keys, values }: AttentionMemory,
  { recurrent, bias, context: contextKernel, sentinel: kernel }: AttentionLstmArrays,
  fused?: FusedOps,
  rows: RowsOfPhotos = roundOfRows(keys.shape[0]),
): AttentionLstmStep {
  const [, heads, , part] = keys.shape;
  const [units, width] = [before.h.shape[1], heads * part];
  const product = fused?.matMul ?? tf.matMul;
  const sizes = [4 * units, width, width, ...kernel ? [units] : []];
  const projected = tf.add(product(before.h, recurrent), bias);
  const [sums, queried, opened, own] = tf.split(projected, sizes, 1) as tf.Tensor2D[];
  const [read, ownRead] = kernel ? tf.split(word, [4 * units, units], 1) as tf.Tensor2D[] : [word];
  const query = rows.byPhoto(queried, heads);
  const scores = tf.matMul(query, keys, false, true) as tf.Tensor4D; // [photos, heads, rows, regions]
  const sentinel = kernel &&
    lookBack(tf.add(own, ownRead), before.c, kernel, { query, scores }, rows, fused);
  const shares: tf.Tensor4D = sentinel?.shares ?? tf.softmax(scores);
  const ofRegions = tf.matMul(shares, values);
  const all = sentinel ? tf.add(ofRegions, tf.mul(sentinel.share, sentinel.value)) : ofRegions;
  const seen = rows.byRow(all as tf.Tensor4D);
  const open = tf.sigmoid(opened);
  const context: tf.Tensor2D = tf.mul(open, seen);
  const gates = tf.split(tf.add(tf.add(read, sums), product(context, contextKernel)), 4, 1)
    .map((sum, n) => n === 2 ? tf.tanh(sum) : tf.sigmoid(sum)) as tf.Tensor2D[];
  const c: tf.Tensor2D = tf.add(tf.mul(gates[1], before.c), tf.mul(gates[0], gates[2]));
  const tanhC = tf.tanh(c);
  const after = { h: tf.mul(gates[3], tanhC) as tf.Tensor2D, c };
  return { before, after, gates, tanhC, query, shares, seen, open, context, sentinel };
}
