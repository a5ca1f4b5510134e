import * as tf from "@tensorflow/tfjs";

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
