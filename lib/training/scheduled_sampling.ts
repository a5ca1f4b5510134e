import * as tf from "@tensorflow/tfjs";
import { z } from "zod";
import type { CaptionBatch, Decoder } from "../models/mod.ts";
import type { WeightTensors } from "../nn/mod.ts";
import type { Random } from "../random/mod.ts";

/** Logits that exist at once. */
const LOGITS_PER_PIECE = 4 << 20;

/**
 * How many of the words that a decoder reads in training are its own, as part of the training settings.
 *
 * @internal
 */
export const scheduledSampling = z.strictObject({
  startFromEpoch: z.int().min(0).default(0).describe(
    "epochs before this one, counted from 0, read captions as they are",
  ),
  increase: z.number().positive().max(1).default(0.05).describe(
    "what the probability of a word rises by in each epoch from there on",
  ),
  max: z.number().positive().max(1).default(0.25).describe("what it rises to"),
}).optional().describe(
  "words that the decoder reads in training are replaced by its own samples with this probability; " +
    "absent: never",
);

/** Scheduled sampling in the training settings; undefined: none. */
export type ScheduledSampling = z.infer<typeof scheduledSampling>;

/** With what probability a word is replaced in an epoch, counted from 0. */
export function samplingProbability(settings: ScheduledSampling, epoch: number): number {
  if (settings === undefined || epoch < settings.startFromEpoch) return 0;
  return Math.min(settings.max, settings.increase * (epoch - settings.startFromEpoch + 1));
}

/** What {@linkcode mixedInputs} draws by. */
export interface SamplingOptions {
  /** Of replacing a word. */
  probability: number;
  /** Where it is drawn from. */
  random: Random;
  /** Whether a word may be read between the markers, by its index. */
  isReadable: ArrayLike<boolean>;
}

/**
 * What a decoder reads by scheduled sampling (Bengio et al., 2015) in two passes, for any decoder
 * (Mihaylova and Martins, 2019): the first reads the captions as they are, without dropout and without
 * gradients, and at some words a sample of the prediction takes the place of the word that follows.
 * The loss is then that of a second pass over the mixed captions.
 *
 * @returns int32 [time, captions], the caller's to dispose of
 */
export function mixedInputs(
  decoder: Pick<Decoder, "forward" | "head">,
  weights: WeightTensors,
  batch: CaptionBatch,
  { probability, random, isReadable }: SamplingOptions,
): tf.Tensor2D {
  const { captions, time, lengths } = batch;
  const replaced: { row: number; position: number; share: number }[] = [];
  let row = 0;
  for (let t = 0; t < time; t++) {
    for (let i = 0; i < captions; i++) {
      if (t >= lengths[i]) continue;
      const isLast = t + 1 >= lengths[i]; // what it predicts is not read
      if (!isLast && random.uniform() < probability) {
        replaced.push({ row, position: (t + 1) * captions + i, share: random.uniform() });
      }
      row++;
    }
  }
  if (replaced.length === 0) return batch.inputs.clone();
  const inputs = batch.inputs.dataSync<"int32">().slice();
  tf.tidy(() => {
    const hidden = decoder.forward(weights, batch);
    const { kernel, bias } = decoder.head(weights);
    const classes = kernel.shape[1];
    const size = Math.max(1, Math.floor(LOGITS_PER_PIECE / classes));
    for (let from = 0; from < replaced.length; from += size) {
      const piece = replaced.slice(from, from + size);
      const rows = tf.tensor1d(piece.map(({ row }) => row), "int32");
      const logits = tf.tidy(() => tf.add(tf.matMul(tf.gather(hidden, rows), kernel), bias));
      const values = logits.dataSync<"float32">();
      for (const [i, { position, share }] of piece.entries()) {
        const word = sample(values.subarray(i * classes, (i + 1) * classes), share, isReadable);
        if (word !== undefined) inputs[position] = word;
      }
      tf.dispose([rows, logits]);
    }
  });
  return tf.tensor2d(inputs, [time, captions], "int32");
}

/**
 * The word at a share of the probability of all that may be read.
 *
 * @returns undefined where no word may be
 */
function sample(
  logits: Float32Array,
  share: number,
  isReadable: ArrayLike<boolean>,
): number | undefined {
  let largest = -Infinity;
  for (let word = 0; word < logits.length; word++) {
    if (isReadable[word] && logits[word] > largest) largest = logits[word];
  }
  let sum = 0;
  for (let word = 0; word < logits.length; word++) {
    if (isReadable[word]) sum += Math.exp(logits[word] - largest);
  }
  let left = share * sum;
  let last: number | undefined;
  for (let word = 0; word < logits.length; word++) {
    if (!isReadable[word]) continue;
    last = word;
    left -= Math.exp(logits[word] - largest);
    if (left < 0) break;
  }
  return last;
}

/** Which words stand between the markers of captions. */
export function readableWords(captions: readonly Int32Array[], vocabularySize: number): boolean[] {
  const isReadable = new Array<boolean>(vocabularySize).fill(false);
  for (const caption of captions) {
    for (let t = 1; t < caption.length - 1; t++) isReadable[caption[t]] = true;
  }
  return isReadable;
}
