import type { Arithmetic } from "../nn/mod.ts";

/** Pixels to features: a network cut at one layer, with its weights. */
export interface Encoder {
  /** Registry name, e.g. `vgg16`. */
  readonly kind: string;
  /** Keras' name of the layer whose output is the feature, e.g. `fc2`. */
  readonly layer: string;
  /** Photos are scaled to imageSize × imageSize. */
  readonly imageSize: number;
  /** Shape of one photo's feature, e.g. `[4096]` or `[7, 7, 1280]`. */
  readonly featureShape: number[];
  /** Names all that decides a feature's value: architecture, layer, weights' digest, preprocessing. */
  readonly key: string;
  /** Numbers in which its large products are computed. */
  readonly arithmetic: Arithmetic;
  /**
   * Features of photos.
   *
   * @param pixels RGB bytes [photos, imageSize, imageSize, 3]
   * @returns features [photos, ...featureShape]
   */
  encode(pixels: Uint8Array, photos: number): Promise<Float32Array>;
  /** Frees the weights. */
  dispose(): void;
}
