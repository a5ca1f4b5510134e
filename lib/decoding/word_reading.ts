import * as tf from "@tensorflow/tfjs";
import { allowedWords, DecoderRows, type DecoderSteps, type Markers } from "../models/mod.ts";
import type { WeightTensors } from "../nn/mod.ts";

/** How a decoder reads one caption with each of several photos. */
export interface WordReading {
  /** For each photo the natural-log probability of each word given those before it. */
  logProbabilities: Float32Array[];
  /**
   * For each photo and word how much of each region of the photo the word was given; undefined
   * where the decoder has no attention.
   */
  attention?: Float32Array[][];
}

/**
 * Teacher forcing of one caption with many photos at once: how probable each of its words is with
 * each photo, among the words that may be emitted.
 *
 * @param features [photos, ...featureShape]
 * @param words indices of the caption's words, at least one, without markers
 */
export async function wordReading(
  decoder: DecoderSteps,
  weights: WeightTensors,
  features: tf.Tensor,
  words: readonly number[],
  markers: Markers,
): Promise<WordReading> {
  const photos = features.shape[0];
  const allowed = allowedWords(markers, decoder.vocabularySize);
  const rows = new DecoderRows(decoder, weights, features);
  const columns: tf.Tensor[] = [], regions: tf.Tensor[] = [];
  try {
    for (const [i, word] of words.entries()) {
      const before = new Array<number>(photos).fill(i === 0 ? markers.start : words[i - 1]);
      const { column, attention } = rows.read(before, ({ logits, attention }) => {
        const logs = tf.logSoftmax(tf.add(logits, allowed));
        return { column: tf.slice(logs, [0, word], [photos, 1]), attention };
      });
      columns.push(column);
      if (attention !== undefined) regions.push(attention);
    }
    const logProbabilities = await joined(columns, photos);
    if (regions.length === 0) return { logProbabilities };
    const attention = await joined(regions, photos); // [photos][words × regions]
    return { logProbabilities, attention: attention.map((row) => rowsOf(row, words.length)) };
  } finally {
    rows.dispose();
    tf.dispose([columns, regions, allowed]);
  }
}

/** The rows of tensors [photos, width] that stand side by side. */
async function joined(tensors: tf.Tensor[], photos: number): Promise<Float32Array[]> {
  const all = tf.concat(tensors, 1);
  try {
    return rowsOf(await all.data() as Float32Array, photos);
  } finally {
    all.dispose();
  }
}

function rowsOf(numbers: Float32Array, rows: number): Float32Array[] {
  const width = numbers.length / rows;
  return Array.from({ length: rows }, (_, i) => numbers.slice(i * width, (i + 1) * width));
}
