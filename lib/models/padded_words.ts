import * as tf from "@tensorflow/tfjs";

/** How prefixes are filled up with index 0 where the LSTM reads the filling too. */
export interface Padding {
  /** Positions that every prefix is padded to; of a longer one only the last ones are read. */
  positions: number;
  /** Where the filling stands. */
  side: "front" | "back";
}

/**
 * One prefix of each row, filled up as Keras' `pad_sequences` does.
 *
 * @param read word indices, the first word first [rows, words]
 * @returns int32 [positions, rows]
 */
export function padPrefixes(read: tf.Tensor2D, { positions, side }: Padding): tf.Tensor2D {
  const [rows, words] = read.shape;
  const last = words > positions ? tf.slice(read, [0, words - positions], [rows, positions]) : read;
  const missing = Math.max(0, positions - words);
  const filling: [number, number] = side === "front" ? [missing, 0] : [0, missing];
  return tf.transpose(tf.pad(last, [[0, 0], filling])) as tf.Tensor2D;
}

/**
 * Every prefix of a batch's captions, filled up.
 *
 * @param inputs word indices of the captions [time, captions]
 * @returns int32 [positions, time × captions]: the prefix that ends at each position of `inputs`
 */
export function padEveryPrefix(inputs: tf.Tensor2D, { positions, side }: Padding): tf.Tensor2D {
  const [time, captions] = inputs.shape;
  const zero = time * captions; // beyond the words
  const from = new Int32Array(positions * time * captions);
  let at = 0;
  for (let position = 0; position < positions; position++) {
    for (let end = 0; end < time; end++) {
      const length = Math.min(end + 1, positions);
      const first = side === "front" ? positions - length : 0;
      const word = position < first || position >= first + length
        ? -1
        : end + 1 - length + position - first;
      for (let caption = 0; caption < captions; caption++) {
        from[at++] = word < 0 ? zero : word * captions + caption;
      }
    }
  }
  const words = tf.concat([tf.reshape(inputs, [-1]), tf.zeros([1], "int32")]) as tf.Tensor;
  return tf.gather(words, tf.tensor2d(from, [positions, time * captions], "int32")) as tf.Tensor2D;
}
