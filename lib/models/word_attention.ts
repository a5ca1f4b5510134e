import * as tf from "@tensorflow/tfjs";

const IMPOSSIBLE = -1e9;

/**
 * Dot attention of a photo's steps over the words of each prefix, summed over these steps:
 * Σ_j Σ_k softmax_k(query_j · state_k) state_k (Luong et al., 2015, "dot").
 *
 * @param queries [captions, image steps, width]
 * @param states word states, time first [steps, prefixes × captions, width]
 * @param lengths words of each prefix [prefixes], of `steps` at most
 * @param softmaxOver positions that the softmax runs over: those beyond a prefix count with score 0
 * and state 0, as zero-padded states do in Keras where the softmax sees no mask; null: words alone
 * @returns [prefixes × captions, width]
 */
export function attend(
  queries: tf.Tensor3D,
  states: tf.Tensor3D,
  lengths: readonly number[],
  softmaxOver: number | null,
): tf.Tensor2D {
  const [captions, imageSteps, width] = queries.shape;
  const [steps, prefixes] = [states.shape[0], lengths.length];
  const values = tf.transpose(
    tf.reshape(states, [steps, prefixes, captions, width]),
    [2, 1, 0, 3],
  ); // [captions, prefixes, steps, width]
  const keys = tf.reshape(values, [captions, prefixes * steps, width]);
  let scores = tf.reshape(
    tf.matMul(queries, keys, false, true),
    [captions, imageSteps, prefixes, steps],
  ) as tf.Tensor;
  if (lengths.some((length) => length < steps)) scores = tf.add(scores, outside(lengths, steps));
  if (softmaxOver !== null) {
    // n empty positions, each with exp(0), equal one position with the logarithm of n.
    const empty = lengths.map((length) =>
      length < softmaxOver ? Math.log(softmaxOver - length) : IMPOSSIBLE
    );
    const column = tf.tensor4d(empty, [1, 1, prefixes, 1]);
    scores = tf.concat([scores, tf.tile(column, [captions, imageSteps, 1, 1])], 3);
  }
  let shares = tf.sum(tf.softmax(scores), 1); // [captions, prefixes, steps and, if any, the empty]
  if (softmaxOver !== null) shares = tf.slice(shares, [0, 0, 0], [captions, prefixes, steps]);
  const context = tf.matMul(
    tf.reshape(shares, [captions * prefixes, 1, steps]) as tf.Tensor3D,
    tf.reshape(values, [captions * prefixes, steps, width]) as tf.Tensor3D,
  );
  return tf.reshape(
    tf.transpose(tf.reshape(context, [captions, prefixes, width]), [1, 0, 2]),
    [prefixes * captions, width],
  );
}

/**
 * The plain sum of each prefix' word states, which is what the published notebook's attention
 * computes: it contracts the softmax' photo axis with the states' word axis and then sums over the
 * axis along which the softmax adds up to one.
 *
 * @param states [steps, prefixes × captions, width]
 * @param lengths words of each prefix [prefixes], of `steps` at most
 * @returns [prefixes × captions, width]
 */
export function sumStates(states: tf.Tensor3D, lengths: readonly number[]): tf.Tensor2D {
  const [steps, rows, width] = states.shape;
  if (lengths.every((length) => length === steps)) return tf.sum(states, 0);
  const prefixes = lengths.length;
  const inside = new Float32Array(steps * prefixes);
  for (let step = 0; step < steps; step++) {
    lengths.forEach((length, i) => inside[step * prefixes + i] = step < length ? 1 : 0);
  }
  const split = tf.reshape(states, [steps, prefixes, rows / prefixes, width]);
  const summed = tf.sum(tf.mul(split, tf.tensor4d(inside, [steps, prefixes, 1, 1])), 0);
  return tf.reshape(summed, [rows, width]);
}

/** What makes positions beyond a prefix' first word impossible [1, 1, prefixes, steps]. */
function outside(lengths: readonly number[], steps: number): tf.Tensor4D {
  const mask = new Float32Array(lengths.length * steps);
  lengths.forEach((length, i) => mask.fill(IMPOSSIBLE, i * steps + length, (i + 1) * steps));
  return tf.tensor4d(mask, [1, 1, lengths.length, steps]);
}
