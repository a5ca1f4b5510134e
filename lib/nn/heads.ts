import * as tf from "@tensorflow/tfjs";

/** Keys and values of some positions, head by head [batch, heads, positions, width / heads]. */
export interface KeysAndValues {
  /** What queries are compared with. */
  keys: tf.Tensor4D;
  /** What is read where they fit. */
  values: tf.Tensor4D;
}

/** What a query reads. */
export interface Attended {
  /** Means of the values, weighted by the shares [batch, heads, queries, width / heads]. */
  context: tf.Tensor4D;
  /** How much of each position it is made of [batch, heads, queries, positions]. */
  shares: tf.Tensor4D;
}

/** Makes a score's share zero. */
const IMPOSSIBLE = -1e9;

/**
 * Scaled dot attention (Vaswani et al., 2017, section 3.2.1).
 *
 * @param queries [batch, heads, queries, width / heads]
 * @param mask added to the scores [queries, positions]
 */
export function attend(
  queries: tf.Tensor4D,
  { keys, values }: KeysAndValues,
  mask?: tf.Tensor2D,
): Attended {
  const scaled = tf.mul(queries, 1 / Math.sqrt(queries.shape[3])) as tf.Tensor4D;
  const scores = tf.matMul(scaled, keys, false, true);
  const shares = tf.softmax(mask ? tf.add(scores, mask) : scores) as tf.Tensor4D;
  return { context: tf.matMul(shares, values), shares };
}

/** What hides from each word those that come after it [words, words]. */
export function causalMask(words: number): tf.Tensor2D {
  const mask = new Float32Array(words * words);
  for (let word = 0; word < words; word++) {
    mask.fill(IMPOSSIBLE, word * words + word + 1, (word + 1) * words);
  }
  return tf.tensor2d(mask, [words, words]);
}

/**
 * Vectors cut into heads; where each holds several parts side by side, part by part.
 *
 * @param x [batch × rows, parts × width]
 * @returns for each part [batch, heads, rows, width / heads]
 */
export function splitHeads(
  x: tf.Tensor2D,
  { batch, heads, parts }: { batch: number; heads: number; parts: number },
): tf.Tensor4D[] {
  const [all, width] = x.shape;
  const [rows, size] = [all / batch, width / parts / heads];
  const split = tf.transpose(tf.reshape(x, [batch, rows, parts, heads, size]), [2, 0, 3, 1, 4]);
  // TF.js' gradient of split fails where there is one part only.
  const each = parts === 1 ? [split] : tf.split(split, parts);
  return each.map((part) => tf.reshape(part, [batch, heads, rows, size]));
}

/** The other way round: heads side by side again [batch × rows, width]. */
export function joinHeads(x: tf.Tensor4D): tf.Tensor2D {
  const [batch, heads, rows, size] = x.shape;
  return tf.reshape(tf.transpose(x, [0, 2, 1, 3]), [batch * rows, heads * size]);
}
