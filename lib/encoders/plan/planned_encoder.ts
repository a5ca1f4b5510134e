import * as tf from "@tensorflow/tfjs";
import { checkPixels } from "../check_pixels.ts";
import type { Arithmetic } from "../../nn/mod.ts";
import type { Encoder } from "../encoder.ts";
import { type Preprocessing, Preprocessor } from "../architectures/preprocessing.ts";
import type { InferencePlan } from "./inference_plan.ts";

/** Photos computed at once, if they are of 224 pixels; of larger ones the grids that have become small. */
const PHOTOS_AT_ONCE = 8;

/** Numbers of the input that are computed at once. */
const INPUT_AT_ONCE = PHOTOS_AT_ONCE * 224 * 224 * 3;

/** An encoder that runs a plan on preprocessed pixels. */
export class PlannedEncoder implements Encoder {
  readonly kind: string;
  readonly layer: string;
  readonly imageSize: number;
  readonly featureShape: number[];
  readonly key: string;
  readonly arithmetic: Arithmetic;
  readonly #plan: InferencePlan;
  readonly #preprocessor: Preprocessor;
  #values = new Float32Array();

  /** Takes the plan over: `dispose` frees it. */
  constructor(
    { kind, layer, imageSize, key }: Pick<Encoder, "kind" | "layer" | "imageSize" | "key">,
    plan: InferencePlan,
    preprocessing: Preprocessing,
  ) {
    this.kind = kind;
    this.layer = layer;
    this.imageSize = imageSize;
    this.key = key;
    this.arithmetic = plan.arithmetic;
    this.featureShape = plan.outputShape;
    this.#plan = plan;
    this.#preprocessor = new Preprocessor(preprocessing);
  }

  async encode(pixels: Uint8Array, photos: number): Promise<Float32Array> {
    checkPixels(pixels, photos, this.imageSize);
    if (photos === 0) return new Float32Array();
    const atOnce = Math.max(1, Math.floor(INPUT_AT_ONCE / (this.imageSize ** 2 * 3)));
    const together = Math.max(1, Math.floor(PHOTOS_AT_ONCE / atOnce));
    const output = this.#plan.run(this.#pieces(pixels, photos, atOnce), together);
    try {
      return await output.data() as Float32Array;
    } finally {
      output.dispose();
    }
  }

  dispose(): void {
    this.#plan.dispose();
  }

  *#pieces(pixels: Uint8Array, photos: number, atOnce: number): Generator<() => tf.Tensor4D> {
    const size = this.imageSize ** 2 * 3;
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
