import * as tf from "@tensorflow/tfjs";
import {
  denseLayer,
  dropout,
  embeddingLayer,
  type FusedOps,
  type Layer,
  layerNormLayer,
  type WeightTensors,
} from "../nn/mod.ts";
import type { Random } from "../random/mod.ts";
import { type ImageScale, scaled } from "./image_layer.ts";

/** How a photo's places are treated. */
interface PlacesSettings {
  /** Width of each place's vector. */
  width: number;
  /** Scale of each place's feature. */
  imageScale: ImageScale;
  /** Dropout on the places' vectors. */
  imageDropout: number;
}

/** A photo's feature as places that attention looks at. */
export interface PhotoPlaces {
  /** How many a photo has: those of a grid; one of a vector. */
  readonly places: number;
  /** Whether they are those of a grid. */
  readonly isGrid: boolean;
  /** Layers by name. */
  readonly layers: { image: Layer; image_positions: Layer; image_norm: Layer };
  /**
   * @param features [photos, rows, columns, channels] or [photos, channels]
   * @param random where dropout's mask comes from; no dropout without it
   * @returns [photos, places, width]
   */
  apply(weights: WeightTensors, features: tf.Tensor, random?: Random): tf.Tensor3D;
}

/**
 * Features → dense, with a vector that is learned for each place → layer norm → dropout; no gradient of
 * the features is computed.
 *
 * @param decoder named in the error
 * @throws {RangeError} if the feature is neither a vector nor a grid
 */
export function photoPlaces(
  decoder: string,
  { width, imageScale, imageDropout }: PlacesSettings,
  featureShape: readonly number[],
  fused?: FusedOps,
): PhotoPlaces {
  const isGrid = featureShape.length === 3;
  if (!isGrid && featureShape.length !== 1) {
    throw new RangeError(
      `The ${decoder} decoder takes one vector a photo or a grid of rows and columns, but the ` +
        `encoder gives [${featureShape}]: choose another encoder.layer`,
    );
  }
  const channels = featureShape.at(-1)!;
  const places = featureShape.reduce((product, side) => product * side, 1) / channels;
  const image = denseLayer("image", channels, width);
  const positions = embeddingLayer("image_positions", places, width);
  const norm = layerNormLayer("image_norm", width);
  return {
    places,
    isGrid,
    layers: { image, image_positions: positions, image_norm: norm },
    apply(weights, features, random) {
      const rows = scaled(tf.reshape(features, [-1, channels]) as tf.Tensor2D, imageScale);
      const { kernel, bias } = image.arrays(weights);
      // TF.js' own product computes no gradient of what nothing is learned in.
      const product = (fused?.matMul ?? tf.matMul)(rows, kernel);
      const at = positions.apply(weights, tf.range(0, places, 1, "int32"));
      const placed = tf.add(tf.reshape(product, [-1, places, width]), tf.add(at, bias));
      return dropout(norm.apply(weights, placed as tf.Tensor3D), imageDropout, random, fused);
    },
  };
}
