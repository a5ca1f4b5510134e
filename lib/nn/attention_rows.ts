import * as tf from "@tensorflow/tfjs";
import { joinHeads, splitHeads } from "./heads.ts";
import type { RowGroups } from "./row_groups.ts";

/** How what rows have stands by the photo that they look at, and the other way round. */
export interface RowsOfPhotos {
  /** @param x [rows, heads × part] @returns [photos, heads, rows of a photo, part] */
  byPhoto(x: tf.Tensor2D, heads: number): tf.Tensor4D;
  /** @param x [photos, heads, rows of a photo, part] @returns [rows, heads × part] */
  byRow(x: tf.Tensor4D): tf.Tensor2D;
}

/** Each photo's rows in a group; those of a photo that has fewer are filled up with zeros. */
export function groupedRows(groups: RowGroups): RowsOfPhotos {
  return {
    byPhoto: (x, heads) => splitHeads(groups.pad(x), { batch: groups.groups, heads, parts: 1 })[0],
    byRow: (x) => groups.unpad(joinHeads(x)),
  };
}

/** Row r looks at photo r mod `photos`. */
export function roundOfRows(photos: number): RowsOfPhotos {
  return { byPhoto: (x, heads) => byPhoto(x, photos, heads), byRow };
}

/**
 * What rows have of each head, by the photo that they look at.
 *
 * @param x [rows, heads × part]
 * @returns [photos, heads, rows of a photo, part]
 */
export function byPhoto(x: tf.Tensor, photos: number, heads: number): tf.Tensor4D {
  const [each, part] = [x.shape[0] / photos, x.shape[1]! / heads];
  if (each === 1) return tf.reshape(x, [photos, heads, 1, part]);
  return tf.transpose(tf.reshape(x, [each, photos, heads, part]), [1, 2, 0, 3]);
}

/** The other way round. @param x [photos, heads, rows of a photo, part] @returns [rows, heads × part] */
export function byRow(x: tf.Tensor4D): tf.Tensor2D {
  const [photos, heads, each, part] = x.shape;
  const rows = each === 1 ? x : tf.transpose(x, [2, 0, 1, 3]);
  return tf.reshape(rows, [each * photos, heads * part]);
}
