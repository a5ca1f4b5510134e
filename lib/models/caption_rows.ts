import * as tf from "@tensorflow/tfjs";
import type { CaptionBatch } from "./caption_batch.ts";

/** Rows that a decoder computes above the captions' own, at most, where captions share their photo's. */
const SHARED = 1.3;

/**
 * A batch's captions as rows that several of one photo share its memory in: the longest caption of
 * every photo, then the next of every photo, and so on. Row r looks at photo r mod photos. The last
 * rows end first, so that a step has the first rows of the step before.
 */
export interface CaptionRows {
  /** Rows of each step. */
  steps: readonly number[];
  /** The words read, step by step, int32 [rows of all steps]. */
  inputs(batch: CaptionBatch): tf.Tensor1D;
  /** Of what each photo has the part of each row in the first step. @param x [photos, …] */
  repeated(x: tf.Tensor): tf.Tensor;
  /** Of what each photo has what rows look at. @param x [photos, …] */
  seen<T extends tf.Tensor>(x: T): T;
  /** Of what all rows have what belongs to the batch's words. @param x [rows of all steps, …] */
  ofWords(x: tf.Tensor2D): tf.Tensor2D;
}

/**
 * How a batch's captions are computed: those of a photo share what it is looked at by, if photos have
 * about equally many captions in it; otherwise every caption gets a photo of its own.
 */
export function captionRows(
  { captions, lengths, photoRows, photoOf, features }: CaptionBatch,
): CaptionRows {
  const all = Array.from({ length: captions }, (_, caption) => caption);
  const groups = [...Map.groupBy(all, (caption) => photoRows[caption]).entries()]
    .toSorted(([a], [b]) => a - b)
    .map(([_, own]) => own.toSorted((a, b) => lengths[b] - lengths[a]));
  const most = Math.max(...groups.map(({ length }) => length));
  const photos = features.shape[0];
  if (groups.length === photos && most * photos <= SHARED * captions) {
    return rowsOf(groups, lengths, captions);
  }
  const apart = rowsOf(all.map((caption) => [caption]), lengths, captions);
  const own = <T extends tf.Tensor>(x: T) => tf.gather(x, photoOf) as T;
  return { ...apart, repeated: own, seen: own };
}

/** @param groups captions that share a memory, the longest first */
function rowsOf(
  groups: readonly (readonly number[])[],
  lengths: ArrayLike<number>,
  captions: number,
): CaptionRows {
  const each = Math.max(...groups.map(({ length }) => length));
  const ends = Array.from(
    { length: each },
    (_, n) => Math.max(...groups.map((own) => n < own.length ? lengths[own[n]] : 0)),
  );
  const steps = Array.from(
    { length: ends[0] },
    (_, t) => groups.length * ends.filter((end) => end > t).length,
  );
  const rowOf = new Int32Array(captions);
  const captionOf = new Int32Array(groups.length * each); // of a row without a caption: any
  groups.forEach((own, photo) =>
    own.forEach((caption, n) => {
      rowOf[caption] = n * groups.length + photo;
      captionOf[rowOf[caption]] = caption;
    })
  );
  return {
    steps,
    inputs({ inputs }) {
      const read = steps.flatMap((rows, t) =>
        Array.from(captionOf.subarray(0, rows), (caption) => t * captions + caption)
      );
      return tf.gather(tf.reshape(inputs, [-1]), tf.tensor1d(read, "int32")) as tf.Tensor1D;
    },
    repeated: (x) => each === 1 ? x : tf.tile(x, [each, ...x.shape.slice(1).map(() => 1)]),
    seen: (x) => x,
    ofWords(x) {
      const words: number[] = [];
      let first = 0;
      for (const [t, rows] of steps.entries()) {
        for (let caption = 0; caption < captions; caption++) {
          if (lengths[caption] > t) words.push(first + rowOf[caption]);
        }
        first += rows;
      }
      return tf.gather(x, tf.tensor1d(words, "int32"));
    },
  };
}
