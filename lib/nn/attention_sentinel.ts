import * as tf from "@tensorflow/tfjs";
import { byRow, type RowsOfPhotos } from "./attention_rows.ts";
import type { FusedOps } from "./fused_ops.ts";

/** A sentinel's part of a step, with what its gradient needs. */
export interface SentinelStep {
  /** What lets the LSTM's memory through [rows, units]. */
  gate: tf.Tensor2D;
  /** The tanh of that memory [rows, units]. */
  memory: tf.Tensor2D;
  /** Their product, the sentinel [rows, units]. */
  kept: tf.Tensor2D;
  /** [photos, heads, rows of a photo, width / heads] */
  key: tf.Tensor4D;
  /** [photos, heads, rows of a photo, width / heads] */
  value: tf.Tensor4D;
  /** The regions' shares beside it [photos, heads, rows of a photo, regions]. */
  shares: tf.Tensor4D;
  /** Its own share [photos, heads, rows of a photo, 1]. */
  share: tf.Tensor4D;
}

/**
 * A visual sentinel (Lu et al., 2017): what an LSTM remembers, as far as a gate lets it through,
 * stands beside a photo's regions as one more.
 *
 * @param gate of it, before the sigmoid [rows, units]
 * @param c the LSTM's cells [rows, units]
 * @param kernel to its key and its value [units, 2 width]
 */
export function lookBack(
  gate: tf.Tensor2D,
  c: tf.Tensor2D,
  kernel: tf.Tensor2D,
  { query, scores }: { query: tf.Tensor4D; scores: tf.Tensor4D },
  rows: RowsOfPhotos,
  fused?: FusedOps,
): SentinelStep {
  const opened = tf.sigmoid(gate);
  const memory = tf.tanh(c);
  const kept: tf.Tensor2D = tf.mul(opened, memory);
  const [key, value] = tf.split((fused?.matMul ?? tf.matMul)(kept, kernel), 2, 1)
    .map((half) => rows.byPhoto(half as tf.Tensor2D, query.shape[1]));
  const score = tf.mul(tf.sum(tf.mul(query, key), 3, true), scaleOf(query));
  const all = tf.softmax(tf.concat([scores, score], 3));
  const [shares, share] = tf.split(all, [scores.shape[3], 1], 3) as tf.Tensor4D[];
  return { gate: opened, memory, kept, key, value, shares, share };
}

/** Gradients of {@linkcode lookBack}. */
export interface SentinelGradients {
  /** Of the regions' scores. */
  scores: tf.Tensor4D;
  /** Of the query, through the sentinel's score alone. */
  query: tf.Tensor4D;
  /** Of the gate before the sigmoid. */
  gate: tf.Tensor2D;
  /** Of the cells. */
  c: tf.Tensor2D;
  /** Of key and value side by side [rows, 2 width]. */
  projected: tf.Tensor2D;
}

/**
 * @param transposed the kernel's transpose [2 width, units]
 * @param dShares of the regions' shares
 * @param dSeen of what was seen in all [photos, heads, rows of a photo, width / heads]
 */
export function lookBackGradients(
  { gate, memory, key, value, shares, share }: SentinelStep,
  query: tf.Tensor4D,
  transposed: tf.Tensor2D,
  { dShares, dSeen }: { dShares: tf.Tensor; dSeen: tf.Tensor },
  fused?: FusedOps,
): SentinelGradients {
  const dShare = tf.sum(tf.mul(dSeen, value), 3, true);
  const mean = tf.add(tf.sum(tf.mul(shares, dShares), 3, true), tf.mul(share, dShare));
  const dScore = tf.mul(tf.mul(share, tf.sub(dShare, mean)), scaleOf(query));
  const halves = [tf.mul(dScore, query), tf.mul(share, dSeen)].map((x) => byRow(x as tf.Tensor4D));
  const projected = tf.concat(halves, 1) as tf.Tensor2D;
  const dKept = (fused?.matMul ?? tf.matMul)(projected, transposed);
  const throughGate = tf.mul(dKept, gate);
  return {
    scores: tf.mul(shares, tf.sub(dShares, mean)),
    query: tf.mul(dScore, key),
    gate: tf.mul(tf.mul(throughGate, memory), tf.sub(1, gate)),
    c: tf.mul(throughGate, tf.sub(1, tf.square(memory))),
    projected,
  };
}

function scaleOf(query: tf.Tensor4D): number {
  return 1 / Math.sqrt(query.shape[3]);
}
