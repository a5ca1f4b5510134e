import * as tf from "@tensorflow/tfjs";

/** How prefixes are filled up with index 0 where the LSTM reads the filling too. */
export interface Padding {
  /** Words that every prefix is brought to; of a longer one the last so many are read. */
  places: number;
  /** Where the filling stands. */
  side: "front" | "back";
}

/**
 * One prefix of each row, filled up as Keras' `pad_sequences` does.
 *
 * @param read word indices, the first word first [rows, words]
 * @returns int32 [places, rows]
 */
export function padPrefixes(read: tf.Tensor2D, { places, side }: Padding): tf.Tensor2D {
  const [rows, words] = read.shape;
  const last = words > places ? tf.slice(read, [0, words - places], [rows, places]) : read;
  const missing = Math.max(0, places - words);
  const filling: [number, number] = side === "front" ? [missing, 0] : [0, missing];
  return tf.transpose(tf.pad(last, [[0, 0], filling])) as tf.Tensor2D;
}

/**
 * Every prefix of a batch's captions, filled up.
 *
 * @param inputs word indices of the captions [time, captions]
 * @returns int32 [places, time × captions]: the prefix that ends at each place of `inputs`
 */
export function padEveryPrefix(inputs: tf.Tensor2D, { places, side }: Padding): tf.Tensor2D {
  const [time, captions] = inputs.shape;
  const zero = time * captions; // beyond the words
  const from = new Int32Array(places * time * captions);
  let at = 0;
  for (let place = 0; place < places; place++) {
    for (let end = 0; end < time; end++) {
      const length = Math.min(end + 1, places);
      const first = side === "front" ? places - length : 0;
      const word = place < first || place >= first + length ? -1 : end + 1 - length + place - first;
      for (let caption = 0; caption < captions; caption++) {
        from[at++] = word < 0 ? zero : word * captions + caption;
      }
    }
  }
  const words = tf.concat([tf.reshape(inputs, [-1]), tf.zeros([1], "int32")]) as tf.Tensor;
  return tf.gather(words, tf.tensor2d(from, [places, time * captions], "int32")) as tf.Tensor2D;
}
