import * as tf from "@tensorflow/tfjs";
import { z } from "zod";
import {
  type DenseLayer,
  denseLayer,
  dropout,
  type FusedOps,
  type WeightTensors,
} from "../nn/mod.ts";
import type { Random } from "../random/mod.ts";

/** How long a photo's vector is made: as it is, length 1, or mean square 1. */
export type ImageScale = "none" | "l2" | "meanSquare";

const scales: z.ZodType<ImageScale, ImageScale> = z.enum(["none", "l2", "meanSquare"]);

/** The setting `imageScale` of decoders that take one vector a photo, with its default. */
export function imageScale(standard: ImageScale): z.ZodDefault<typeof scales> {
  return scales.default(standard)
    .describe("scale of a photo's vector: as it is, length 1, or mean square 1");
}

/** Activation of a photo's projection. */
export type ImageActivation = "linear" | "relu" | "tanh";

const activations: z.ZodType<ImageActivation, ImageActivation> = z.enum(["linear", "relu", "tanh"]);

/** The setting `imageActivation` of decoders, with its default. */
export function imageActivation(standard: ImageActivation): z.ZodDefault<typeof activations> {
  return activations.default(standard).describe("activation of the image's projection");
}

/** How an image layer treats the vectors that it is given. */
interface ImageSettings {
  /** How long every photo's vector is made. */
  imageScale: ImageScale;
  /** Dropout on the vector. */
  imageDropout: number;
}

/** A photo's vector as the decoders read it: scale → dropout → dense. */
export interface ImageLayer extends Pick<DenseLayer, "weights" | "activations" | "arrays"> {
  /**
   * @param features [photos, width]
   * @param random where dropout's mask comes from; no dropout without it
   * @returns [photos, units]
   */
  apply(weights: WeightTensors, features: tf.Tensor, random?: Random): tf.Tensor2D;
}

/**
 * The layer named `image`, which reads one vector a photo.
 *
 * @param decoder named in the error
 * @param activation `relu` by default
 * @throws {RangeError} if the feature is not one vector
 */
export function imageLayer(
  decoder: string,
  { imageScale, imageDropout }: ImageSettings,
  featureShape: readonly number[],
  units: number,
  { fused, activation = "relu" }: { fused?: FusedOps; activation?: ImageActivation } = {},
): ImageLayer {
  if (featureShape.length !== 1) {
    throw new RangeError(
      `The ${decoder} decoder takes one vector a photo, but the encoder gives [${featureShape}]: ` +
        `choose another encoder.layer`,
    );
  }
  const dense = denseLayer("image", featureShape[0], units, activation, fused);
  return {
    ...dense,
    apply(weights, features, random) {
      const vectors = scaled(features as tf.Tensor2D, imageScale);
      return dense.apply(weights, dropout(vectors, imageDropout, random, fused));
    },
  };
}

/** Gives every photo's vector the same size. @param features [photos, width] */
export function scaled(features: tf.Tensor2D, scale: ImageSettings["imageScale"]): tf.Tensor2D {
  if (scale === "none") return features;
  const square = tf.square(features);
  const size = scale === "l2" ? tf.sum(square, 1, true) : tf.mean(square, 1, true);
  return tf.mul(features, tf.rsqrt(tf.add(size, 1e-12)));
}
