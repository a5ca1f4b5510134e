import * as tf from "@tensorflow/tfjs";

/**
 * The words of all beginnings of a caption, read backwards: first the last word of each beginning, then
 * the one before it, and so on, in the order of `readBackwards`.
 */
export interface PrefixWords {
  /** The word that the beginning ends with, counted from 0. */
  ends: Int32Array;
  /** The word that is read. */
  reads: Int32Array;
}

/** @param time words of the caption */
export function prefixWords(time: number): PrefixWords {
  const count = time * (time + 1) / 2;
  const words = { ends: new Int32Array(count), reads: new Int32Array(count) };
  let at = 0;
  for (let step = 0; step < time; step++) {
    for (let word = 0; word < time - step; word++, at++) {
      words.ends[at] = word + step;
      words.reads[at] = word;
    }
  }
  return words;
}

/**
 * Sums over the words of each beginning.
 *
 * @param x [words of all beginnings, captions, width]
 * @returns [time, captions, width]
 */
export function sumOfPrefixes(x: tf.Tensor3D, { ends }: PrefixWords, time: number): tf.Tensor3D {
  const [count, captions, width] = x.shape;
  if (time === 1) return x; // the sum of one word; oneHot refuses a single class
  const isPart = tf.transpose(tf.oneHot(ends, time, 1, 0, "float32")) as tf.Tensor2D; // [time, count]
  const sums = tf.matMul(isPart, tf.reshape(x, [count, captions * width]) as tf.Tensor2D);
  return tf.reshape(sums, [time, captions, width]);
}
