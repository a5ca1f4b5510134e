import * as tf from "@tensorflow/tfjs";
import type { CaptionBatch } from "../models/mod.ts";
import type { Random } from "../random/mod.ts";

/** Where a photo's feature is got from. */
export interface FeatureSource {
  /** Shape of one feature. */
  readonly featureShape: readonly number[];
  /** Features of photos [photos, ...featureShape], in the order of their digests. */
  gather(digests: string[]): Float32Array;
}

/** Captions as word indices, markers included, each with its photo. */
export interface CaptionSet {
  /** Word indices, from the start marker to the end marker. */
  captions: Int32Array[];
  /** The digest of each caption's photo. */
  photos: string[];
  /** Features by digest. */
  features: FeatureSource;
}

/** Batches that are sorted by length together before they are cut: enough to be alike. */
const BATCHES_PER_GROUP = 32;

/**
 * Which captions go together, for one epoch.
 *
 * @param lengths of the captions
 * @param random where the order comes from; the captions' own order without it
 * @returns indices of captions, batch by batch
 */
export function planBatches(
  lengths: readonly number[],
  batchSize: number,
  groupByLength: boolean,
  random?: Random,
): number[][] {
  const all = lengths.map((_, i) => i);
  const order = random ? random.shuffled(all) : all;
  if (!groupByLength) return chunks(order, batchSize);
  const batches = chunks(order, batchSize * BATCHES_PER_GROUP).flatMap((group) =>
    chunks(group.toSorted((a, b) => lengths[a] - lengths[b]), batchSize)
  );
  return random ? random.shuffled(batches) : batches;
}

/**
 * The first batches of a plan that have so many words to foretell together.
 *
 * @param lengths of the captions, markers included
 * @returns at least one batch
 */
export function firstBatches(
  plan: number[][],
  lengths: readonly number[],
  words: number,
): number[][] {
  let found = 0;
  const end = plan.findIndex((batch) => {
    found += batch.reduce((sum, index) => sum + lengths[index] - 1, 0);
    return found >= words;
  });
  return end < 0 ? plan : plan.slice(0, end + 1);
}

/** The tensors of one batch, and how many words it predicts. The caller disposes of them. */
export function captionBatch(
  set: CaptionSet,
  indices: readonly number[],
): { batch: CaptionBatch; words: number } {
  const captions = indices.map((index) => set.captions[index]);
  const count = captions.length;
  const time = captions.reduce((longest, { length }) => Math.max(longest, length - 1), 0);
  const words = captions.reduce((sum, { length }) => sum + length - 1, 0);
  const inputs = new Int32Array(time * count);
  const positions = new Int32Array(words);
  const captionOf = new Int32Array(words);
  const labels = new Int32Array(words);
  let word = 0;
  for (let t = 0; t < time; t++) {
    for (let i = 0; i < count; i++) {
      if (t >= captions[i].length - 1) continue;
      inputs[t * count + i] = captions[i][t];
      positions[word] = t * count + i;
      captionOf[word] = i;
      labels[word++] = captions[i][t + 1];
    }
  }
  const rows = new Map<string, number>(); // of each photo, in the order of their first captions
  const photoOf = Int32Array.from(indices, (index) => {
    const photo = set.photos[index];
    if (!rows.has(photo)) rows.set(photo, rows.size);
    return rows.get(photo)!;
  });
  const features = set.features.gather([...rows.keys()]);
  return {
    words,
    batch: {
      captions: count,
      time,
      features: tf.tensor(features, [rows.size, ...set.features.featureShape]),
      photoOf: tf.tensor1d(photoOf, "int32"),
      inputs: tf.tensor2d(inputs, [time, count], "int32"),
      positions: words < time * count ? tf.tensor1d(positions, "int32") : undefined,
      captionOf: tf.tensor1d(captionOf, "int32"),
      labels: tf.tensor1d(labels, "int32"),
    },
  };
}

/** Frees a batch's tensors. */
export function disposeBatch(batch: CaptionBatch): void {
  tf.dispose([batch.features, batch.photoOf, batch.inputs, batch.captionOf, batch.labels]);
  batch.positions?.dispose();
}

function chunks<T>(items: readonly T[], size: number): T[][] {
  const count = Math.ceil(items.length / size);
  return Array.from({ length: count }, (_, i) => items.slice(i * size, (i + 1) * size));
}
