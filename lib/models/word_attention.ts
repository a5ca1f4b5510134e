import * as tf from "@tensorflow/tfjs";
import { type PrefixWords, sumOfPrefixes } from "./prefixes.ts";

const IMPOSSIBLE = -1e9;

/**
 * Dot attention of a photo's steps over the words of one beginning, summed over these steps:
 * Σ_j Σ_k softmax_k(query_j · state_k) state_k (Luong et al., 2015, "dot").
 *
 * @param queries [captions, image steps, width]
 * @param states word states, time first [words, captions, width]
 * @param softmaxOver positions that the softmax runs over: those beyond the words count with score 0
 * and state 0, as zero-padded states do in Keras where the softmax sees no mask; null: words alone
 * @returns [captions, width]
 */
export function attend(
  queries: tf.Tensor3D,
  states: tf.Tensor3D,
  softmaxOver: number | null,
): tf.Tensor2D {
  const values = byCaption(states);
  const words = values.shape[1];
  const scores = tf.matMul(queries, values, false, true); // [captions, image steps, words]
  const shares = sharesOf(tf.expandDims(scores, 2) as tf.Tensor4D, [words], softmaxOver);
  return tf.squeeze(tf.matMul(shares, values), [1]);
}

/** Word states of all beginnings of captions. */
export interface PrefixStates {
  /** Of the LSTM that reads forwards, the same for all beginnings [time, captions, units]. */
  forward: tf.Tensor3D;
  /** Of the LSTM that reads backwards [words of all beginnings, captions, units]. */
  backward: tf.Tensor3D;
  /** Which words these are. */
  words: PrefixWords;
}

/**
 * The same for all beginnings at once; their states are the forward ones and the backward ones, side by
 * side.
 *
 * @param queries [captions, image steps, 2 units]
 * @returns [time, captions, 2 units]
 */
export function attendPrefixes(
  queries: tf.Tensor3D,
  { forward, backward, words }: PrefixStates,
  softmaxOver: number | null,
): tf.Tensor3D {
  const [time, captions] = forward.shape;
  const imageSteps = queries.shape[1];
  const [forwardQueries, backwardQueries] = tf.split(queries, 2, 2);
  const forwardValues = byCaption(forward);
  const forwardScores = tf.matMul(forwardQueries, forwardValues, false, true);
  const backwardScores = tf.matMul(backwardQueries, byCaption(backward), false, true);
  const scores = tf.add(
    tf.reshape(forwardScores, [captions, imageSteps, 1, time]),
    tf.reshape(
      tf.gather(backwardScores, squareOf(words, time), 2),
      [captions, imageSteps, time, time],
    ),
  ) as tf.Tensor4D;
  const lengths = Array.from({ length: time }, (_, i) => i + 1);
  const shares = sharesOf(scores, lengths, softmaxOver); // [captions, time, time]
  const places = words.ends.map((end, i) => end * time + words.reads[i]);
  const ofWords = tf.gather(
    tf.reshape(shares, [captions, time * time]),
    tf.tensor1d(places, "int32"),
    1,
  ); // [captions, words of all beginnings]
  const weighted = tf.mul(backward, tf.expandDims(tf.transpose(ofWords), 2)) as tf.Tensor3D;
  return tf.concat([
    tf.transpose(tf.matMul(shares, forwardValues), [1, 0, 2]),
    sumOfPrefixes(weighted, words, time),
  ], 2) as tf.Tensor3D;
}

/**
 * The plain sum of each beginning's word states, which is what the published notebook's attention
 * computes: it contracts the softmax' photo axis with the states' word axis and then sums over the
 * axis along which the softmax adds up to one.
 *
 * @returns [time, captions, 2 units]
 */
export function sumPrefixes({ forward, backward, words }: PrefixStates): tf.Tensor3D {
  const [time, captions, units] = forward.shape;
  // TF.js' gradient of cumsum fails along the first axis.
  const isPart = tf.linalg.bandPart(tf.ones([time, time]), -1, 0) as tf.Tensor2D;
  const flat = tf.reshape(forward, [time, captions * units]) as tf.Tensor2D;
  return tf.concat([
    tf.reshape(tf.matMul(isPart, flat), [time, captions, units]),
    sumOfPrefixes(backward, words, time),
  ], 2) as tf.Tensor3D;
}

/**
 * The softmax' shares, summed over the image's steps.
 *
 * @param scores [captions, image steps, beginnings, words]
 * @param lengths words of each beginning
 * @returns [captions, beginnings, words]
 */
function sharesOf(
  scores: tf.Tensor4D,
  lengths: readonly number[],
  softmaxOver: number | null,
): tf.Tensor3D {
  const [captions, imageSteps, beginnings, words] = scores.shape;
  let inside: tf.Tensor4D = lengths.every((length) => length === words)
    ? scores
    : tf.add(scores, outside(lengths, words));
  if (softmaxOver !== null) {
    // n empty positions, each with exp(0), equal one position with the logarithm of n.
    const empty = lengths.map((length) =>
      length < softmaxOver ? Math.log(softmaxOver - length) : IMPOSSIBLE
    );
    const column = tf.tensor4d(empty, [1, 1, beginnings, 1]);
    inside = tf.concat([inside, tf.tile(column, [captions, imageSteps, 1, 1])], 3);
  }
  const shares = tf.sum(tf.softmax(inside), 1) as tf.Tensor3D;
  return softmaxOver === null ? shares : tf.slice(shares, [0, 0, 0], [captions, beginnings, words]);
}

/** Where the backward state stands that a beginning (row) has of a word (column); any beyond its end. */
function squareOf({ ends, reads }: PrefixWords, time: number): tf.Tensor1D {
  const square = new Int32Array(time * time);
  ends.forEach((end, i) => square[end * time + reads[i]] = i);
  return tf.tensor1d(square, "int32");
}

function byCaption(states: tf.Tensor3D): tf.Tensor3D {
  return tf.transpose(states, [1, 0, 2]);
}

/** What makes words beyond a beginning's last one impossible [1, 1, beginnings, words]. */
function outside(lengths: readonly number[], words: number): tf.Tensor4D {
  const mask = new Float32Array(lengths.length * words);
  lengths.forEach((length, i) => mask.fill(IMPOSSIBLE, i * words + length, (i + 1) * words));
  return tf.tensor4d(mask, [1, 1, lengths.length, words]);
}
