import {
  createEncoder,
  type EncoderIdentity,
  type EncoderOptions,
  identifyEncoder,
} from "./create_encoder.ts";
import type { Encoder } from "./encoder.ts";
import type { Arithmetic } from "../nn/mod.ts";
import { isOnnx } from "./onnx/settings.ts";
import type { EncoderSettings } from "./settings.ts";

/**
 * An encoder that loads its weights when the first photo comes: where all features are cached,
 * VGG16's gigabyte is never needed.
 */
export class LazyEncoder implements Encoder {
  readonly kind: string;
  readonly layer: string;
  readonly imageSize: number;
  readonly featureShape: number[];
  readonly key: string;
  readonly arithmetic: Arithmetic;
  /** How long loading the weights took; 0 as long as no photo came. */
  secondsToStart = 0;
  readonly #create: () => Promise<Encoder>;
  #encoder?: Promise<Encoder>;

  private constructor(identity: EncoderIdentity, create: () => Promise<Encoder>) {
    this.kind = identity.kind;
    this.layer = identity.layer;
    this.imageSize = identity.imageSize;
    this.featureShape = identity.featureShape;
    this.key = identity.key;
    this.arithmetic = identity.arithmetic;
    this.#create = create;
  }

  /**
   * The encoder that the settings describe.
   *
   * @throws {RangeError} if the layer or the image size does not go with the network
   */
  static async of(
    settings: EncoderSettings,
    options: EncoderOptions = {},
  ): Promise<LazyEncoder> {
    if (isOnnx(settings)) {
      // Only the network itself tells the shape of its feature.
      const encoder = await createEncoder(settings, options);
      const lazy = new LazyEncoder(encoder, () => Promise.resolve(encoder));
      lazy.#encoder = Promise.resolve(encoder);
      return lazy;
    }
    const identity = await identifyEncoder(settings, options);
    const { arithmetic } = identity; // chosen, so that it is not said twice
    return new LazyEncoder(identity, () => createEncoder({ ...settings, arithmetic }, options));
  }

  async encode(pixels: Uint8Array, photos: number): Promise<Float32Array> {
    return await (await (this.#encoder ??= this.#start())).encode(pixels, photos);
  }

  /** Frees the weights, if they were loaded. */
  async dispose(): Promise<void> {
    (await this.#encoder?.catch(() => undefined))?.dispose();
  }

  async #start(): Promise<Encoder> {
    const began = performance.now();
    const encoder = await this.#create();
    this.secondsToStart = (performance.now() - began) / 1000;
    return encoder;
  }
}
