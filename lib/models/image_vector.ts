import * as tf from "@tensorflow/tfjs";
import type { Random } from "../random/mod.ts";
import { denseRelu, dropout, type FusedOps } from "../nn/mod.ts";

/** How long a photo's vector is made: as it is, length 1, or mean square 1. */
export type ImageScale = "none" | "l2" | "meanSquare";

/**
 * A photo's feature as the decoders take it up: scale → dropout → dense, ReLU.
 *
 * @param features [photos, width]
 * @param kernel [width, units]
 * @param bias [units]
 * @returns [photos, units]
 */
export function imageVector(
  features: tf.Tensor2D,
  kernel: tf.Tensor2D,
  bias: tf.Tensor1D,
  { scale, rate, random, fused }: {
    scale: ImageScale;
    rate: number;
    random?: Random;
    fused?: FusedOps;
  },
): tf.Tensor2D {
  return denseRelu(dropout(scaled(features, scale), rate, random, fused), kernel, bias);
}

/**
 * Checks that a feature is one vector.
 *
 * @throws {RangeError} if it is not
 */
export function checkVector(decoder: string, featureShape: readonly number[]): void {
  if (featureShape.length === 1) return;
  throw new RangeError(
    `The ${decoder} decoder takes one vector a photo, but the encoder gives [${featureShape}]: ` +
      `choose another encoder.layer`,
  );
}

/** Brings every photo's vector to one length. @param features [photos, width] */
function scaled(features: tf.Tensor2D, scale: ImageScale): tf.Tensor2D {
  if (scale === "none") return features;
  const square = tf.square(features);
  const size = scale === "l2" ? tf.sum(square, 1, true) : tf.mean(square, 1, true);
  return tf.mul(features, tf.rsqrt(tf.add(size, 1e-12)));
}
