import * as tf from "@tensorflow/tfjs";
import type { FusedOps } from "../models/mod.ts";
import { digestJson } from "../storage/mod.ts";
import { type Architecture, buildModel } from "./architecture.ts";
import type { Encoder } from "./encoder.ts";
import { InferencePlan } from "./inference_plan.ts";
import { type LoadOptions, loadWeights } from "./load_weights.ts";
import { openWeights } from "./open_weights.ts";
import { Preprocessor } from "./preprocessing.ts";
import { architectures } from "./registry.ts";
import type { EncoderSettings } from "./settings.ts";
import type { WeightSource } from "./weight_source.ts";

/** What an encoder is made with, besides its settings. */
export interface EncoderOptions extends LoadOptions {
  /** Operations of the engine that TF.js itself does not have; the results are the same. */
  fused?: FusedOps;
}

/**
 * Makes the encoder that the settings describe: network, weights, plan.
 *
 * ```ts ignore
 * const engine = await startEngine();
 * const settings = encoderSettings.parse({ kind: "mobilenet_v2" });
 * const encoder = await createEncoder(settings, { fused: engine.fused });
 * const features = await encoder.encode(pixels, 1); // Float32Array of 1,280
 * ```
 *
 * @throws {RangeError} if the layer, the image size or the weights do not go with the network
 * @throws {SyntaxError} if the file of weights is damaged
 */
export async function createEncoder(
  settings: EncoderSettings,
  { fused, onProgress, say }: EncoderOptions = {},
): Promise<Encoder> {
  const architecture = architectures[settings.kind];
  const model = buildModel(architecture, settings.layer, settings.imageSize);
  try {
    const source = await openWeights(settings, architecture, model, {
      onProgress,
      say,
    });
    try {
      await loadWeights(model, architecture, source, { onProgress, say });
      return new PlannedEncoder(architecture, settings, source, new InferencePlan(model, fused));
    } finally {
      source.close();
    }
  } finally {
    model.dispose();
  }
}

/** Bytes of the input that are computed at once, as 32-bit numbers. */
const inputBytesAtOnce = 8 * 224 * 224 * 3 * 4;

class PlannedEncoder implements Encoder {
  readonly kind: string;
  readonly layer: string;
  readonly imageSize: number;
  readonly featureShape: number[];
  readonly key: string;
  readonly #plan: InferencePlan;
  readonly #preprocessor: Preprocessor;
  #values = new Float32Array();

  constructor(
    architecture: Architecture,
    settings: EncoderSettings,
    { digest }: WeightSource,
    plan: InferencePlan,
  ) {
    const { kind, layer, imageSize, fit, kernel, precision } = settings;
    this.kind = kind;
    this.layer = layer;
    this.imageSize = imageSize;
    this.featureShape = plan.outputShape;
    this.#plan = plan;
    this.#preprocessor = new Preprocessor(architecture.preprocessing);
    const preprocessing = architecture.preprocessing.name;
    const decisive = { kind, layer, imageSize, digest, preprocessing, fit, kernel, precision };
    this.key = `${kind}-${layer}-${digestJson(decisive).slice(0, 16)}`;
  }

  async encode(pixels: Uint8Array, photos: number): Promise<Float32Array> {
    const size = this.imageSize ** 2 * 3;
    if (pixels.length !== photos * size) {
      throw new RangeError(
        `${photos} photos of ${this.imageSize} × ${this.imageSize} pixels have ` +
          `${photos * size} bytes, not ${pixels.length}`,
      );
    }
    if (photos === 0) return new Float32Array();
    const output = this.#plan.run(this.#pieces(pixels, photos));
    try {
      return await output.data() as Float32Array;
    } finally {
      output.dispose();
    }
  }

  dispose(): void {
    this.#plan.dispose();
  }

  *#pieces(pixels: Uint8Array, photos: number): Generator<() => tf.Tensor4D> {
    const size = this.imageSize ** 2 * 3;
    const atOnce = Math.max(1, Math.floor(inputBytesAtOnce / (4 * size)));
    for (let from = 0; from < photos; from += atOnce) {
      const count = Math.min(atOnce, photos - from);
      yield () => {
        // The buffer is used again: whatever ran on it before has taken its numbers over.
        if (this.#values.length !== count * size) this.#values = new Float32Array(count * size);
        this.#preprocessor.run(pixels.subarray(from * size, (from + count) * size), this.#values);
        return tf.tensor4d(this.#values, [count, this.imageSize, this.imageSize, 3]);
      };
    }
  }
}
