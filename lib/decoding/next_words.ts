import * as tf from "@tensorflow/tfjs";
import type { DecoderRows } from "../models/mod.ts";

/** Numbers of tensors, as they are read. */
export type Numbers = Float32Array | Int32Array;

/** Words that may come next in each row. */
export interface NextWords {
  /** Log probabilities [rows, width]; the best first where there are indices. */
  values: Float32Array;
  /** Their words; undefined where there are all, in the vocabulary's order. */
  indices?: Int32Array;
  /** How many a row. */
  width: number;
}

/**
 * Reads a word in each row. Yields tensors, whose numbers its caller passes back.
 *
 * @param allowed is added to logits
 * @param wanted how many of the most probable words, or all
 */
export function* nextWords(
  rows: DecoderRows,
  words: readonly number[],
  allowed: tf.Tensor1D,
  wanted: number | "all",
): Generator<tf.Tensor[], NextWords, Numbers[]> {
  const tensors = rows.read(words, (step) => {
    const logits = tf.add(step.logits, allowed) as tf.Tensor2D;
    if (wanted === "all") return [tf.logSoftmax(logits)];
    // The most probable words are those of the highest logits.
    const width = Math.min(wanted, logits.shape[1]);
    const { values, indices } = width === 1 ? argmax(logits) : tf.topk(logits, width);
    return [logProbabilities(values, logits), indices];
  });
  const width = tensors[0].shape[1]!;
  try {
    const [values, indices] = (yield tensors) as [Float32Array, Int32Array | undefined];
    return { values, indices, width };
  } finally {
    tf.dispose(tensors);
  }
}

function argmax(logits: tf.Tensor2D): { values: tf.Tensor; indices: tf.Tensor } {
  return { values: tf.max(logits, 1, true), indices: tf.expandDims(tf.argMax(logits, 1), 1) };
}

/** Logits → log probabilities. @param top the highest `logits` of each row, in order */
function logProbabilities(top: tf.Tensor, logits: tf.Tensor2D): tf.Tensor {
  const highest = top.shape[1] === 1 ? top : tf.slice(top, [0, 0], [-1, 1]);
  const sums = tf.sum(tf.exp(tf.sub(logits, highest)), 1, true);
  return tf.sub(top, tf.add(highest, tf.log(sums)));
}
