import * as tf from "@tensorflow/tfjs";
import { allowedWords, DecoderRows, type DecoderSteps, type Markers } from "../../models/mod.ts";
import type { WeightTensors } from "../../nn/mod.ts";
import type { Random } from "../../random/mod.ts";

/** How many captions are sampled, and by which random numbers. */
export interface SamplingOptions {
  /** Captions of each photo. */
  samples: number;
  /** Most words of a caption. */
  maxLength: number;
  /** Where one caption's words come from: a number each. */
  random: (photo: number, sample: number) => Random;
}

/**
 * Captions drawn word by word from the decoder's probabilities among the words that may be said, all
 * captions of all photos side by side; those that have ended are no longer computed. No dropout.
 *
 * @param features [photos, ...featureShape]
 * @returns for each photo its captions: word indices, the end marker last where it was reached
 */
export function sampleCaptions(
  decoder: DecoderSteps,
  weights: WeightTensors,
  features: tf.Tensor,
  markers: Markers,
  { samples, maxLength, random }: SamplingOptions,
): number[][][] {
  const photos = features.shape[0];
  const captions = Array.from(
    { length: photos },
    () => Array.from({ length: samples }, (): number[] => []),
  );
  const allowed = allowedWords(markers, decoder.vocabularySize);
  const rows = new DecoderRows(decoder, weights, features);
  try {
    // One row a photo reads the start; its samples part with their first word.
    let read = new Array<number>(photos).fill(markers.start);
    let going = captions.flatMap((ofPhoto, photo) =>
      ofPhoto.map((words, sample) => ({ words, row: photo, random: random(photo, sample) }))
    );
    for (let length = 0; length < maxLength && going.length > 0; length++) {
      const probabilities = rows.read(read, ({ logits }) => tf.softmax(tf.add(logits, allowed)));
      const numbers = probabilities.dataSync() as Float32Array;
      probabilities.dispose();
      const size = decoder.vocabularySize;
      for (const { words, row, random } of going) {
        words.push(drawn(numbers.subarray(row * size, (row + 1) * size), random.uniform()));
      }
      going = going.filter(({ words }) => words.at(-1) !== markers.end);
      read = going.map(({ words }) => words.at(-1)!);
      if (going.length > 0) rows.select(going.map(({ row }) => row));
      going = going.map((one, row) => ({ ...one, row }));
    }
    return captions;
  } finally {
    rows.dispose();
    allowed.dispose();
  }
}

/** The word at which the sum of probabilities passes a number in [0, 1); never one that has none. */
function drawn(probabilities: Float32Array, uniform: number): number {
  let sum = 0, last = -1;
  for (let word = 0; word < probabilities.length; word++) {
    if (!(probabilities[word] > 0)) continue;
    last = word;
    sum += probabilities[word];
    if (sum > uniform) return word;
  }
  if (last < 0) {
    throw new RangeError(
      "No word has a probability to be sampled by: the weights are not numbers any more; lower " +
        "training.learningRate",
    );
  }
  return last; // rounding left the sum below 1
}
