import * as tf from "@tensorflow/tfjs";
import type { Prefixes } from "./prefixes.ts";

const IMPOSSIBLE = -1e9;

/**
 * Dot attention of a photo's steps over the words of each prefix, summed over these steps:
 * Σ_j Σ_k softmax_k(query_j · state_k) state_k (Luong et al., 2015, "dot").
 *
 * @param queries one photo's steps for each prefix [prefixes, image steps, width]
 * @param states word states, time first [steps, prefixes, width]
 * @param softmaxOver places that the softmax runs over: those beyond a prefix count with score 0
 * and state 0, as zero-padded states do in Keras where the softmax sees no mask; null: words alone
 * @returns [prefixes, width]
 */
export function attend(
  queries: tf.Tensor3D,
  states: tf.Tensor3D,
  { steps, lengths }: Prefixes,
  softmaxOver: number | null,
): tf.Tensor2D {
  const [prefixes, imageSteps] = queries.shape;
  const values = tf.transpose(states, [1, 0, 2]) as tf.Tensor3D; // [prefixes, steps, width]
  let scores: tf.Tensor = tf.matMul(queries, values, false, true); // [prefixes, image steps, steps]
  if (lengths.some((length) => length < steps)) {
    const mask = new Float32Array(prefixes * steps);
    for (const [i, length] of lengths.entries()) {
      mask.fill(IMPOSSIBLE, i * steps + length, (i + 1) * steps);
    }
    scores = tf.add(scores, tf.tensor3d(mask, [prefixes, 1, steps]));
  }
  if (softmaxOver !== null) {
    // So many empty places, each with exp(0), are one place with the logarithm of their number.
    const empty = Float32Array.from(
      lengths,
      (length) => length < softmaxOver ? Math.log(softmaxOver - length) : IMPOSSIBLE,
    );
    const column = tf.tile(tf.tensor3d(empty, [prefixes, 1, 1]), [1, imageSteps, 1]);
    scores = tf.concat([scores, column], 2);
  }
  const shares = tf.softmax(scores);
  const perWord = tf.sum(
    tf.slice(shares, [0, 0, 0], [prefixes, imageSteps, steps]),
    1,
    true,
  ) as tf.Tensor3D; // [prefixes, 1, steps]
  return tf.reshape(tf.matMul(perWord, values), [prefixes, states.shape[2]]);
}

/**
 * The plain sum of each prefix' word states, which is what the published notebook's attention
 * comes to: it contracts the softmax' photo axis with the states' word axis and then sums over the
 * axis along which the softmax adds up to one.
 *
 * @param states [steps, prefixes, width]
 * @returns [prefixes, width]
 */
export function sumStates(states: tf.Tensor3D, { steps, lengths }: Prefixes): tf.Tensor2D {
  const prefixes = lengths.length;
  if (lengths.every((length) => length === steps)) return tf.sum(states, 0);
  const mask = new Float32Array(steps * prefixes);
  for (let step = 0; step < steps; step++) {
    for (let i = 0; i < prefixes; i++) mask[step * prefixes + i] = step < lengths[i] ? 1 : 0;
  }
  return tf.sum(tf.mul(states, tf.tensor3d(mask, [steps, prefixes, 1])), 0);
}
