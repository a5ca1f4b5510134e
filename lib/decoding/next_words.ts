import * as tf from "@tensorflow/tfjs";
import type { Decoder, DecoderState } from "../models/mod.ts";
import type { WeightTensors } from "../nn/mod.ts";

/** The part of a decoder that a search runs. */
export type DecoderSteps = Pick<Decoder, "vocabularySize" | "start" | "step">;

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
  decoder: DecoderSteps,
  weights: WeightTensors,
  state: DecoderState,
  words: number[],
  allowed: tf.Tensor1D,
  wanted: number | "all",
): Generator<tf.Tensor[], { found: NextWords; next: DecoderState }, Numbers[]> {
  const { tensors, next } = tf.tidy(() => {
    const read = decoder.step(weights, state, tf.tensor1d(words, "int32"));
    const logits = tf.add(read.logits, allowed) as tf.Tensor2D;
    if (wanted === "all") return { tensors: [tf.logSoftmax(logits)], next: read.state };
    // The most probable words are those of the highest logits.
    const width = Math.min(wanted, logits.shape[1]);
    const { values, indices } = width === 1 ? argmax(logits) : tf.topk(logits, width);
    return { tensors: [logProbabilities(values, logits), indices], next: read.state };
  });
  const width = tensors[0].shape[1]!;
  let read: Numbers[] | undefined;
  try {
    read = yield tensors;
  } finally {
    tf.dispose(tensors);
    if (read === undefined) tf.dispose(next); // the search was ended
  }
  const [values, indices] = read as [Float32Array, Int32Array | undefined];
  return { found: { values, indices, width }, next };
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

/** The rows of a state that are continued; a row may be repeated. @param count rows of the state */
export function select(state: DecoderState, rows: number[], count: number): DecoderState {
  if (rows.length === count && rows.every((row, i) => row === i)) return state;
  const selected = tf.tidy(() => {
    const index = tf.tensor1d(rows, "int32");
    return Object.fromEntries(
      Object.entries(state).map(([name, tensor]) => [name, tf.gather(tensor, index)]),
    );
  });
  tf.dispose(state);
  return selected;
}
