import * as tf from "@tensorflow/tfjs";
import { checkPixels } from "../check_pixels.ts";
import type { Arithmetic } from "../../nn/mod.ts";
import type { Encoder } from "../encoder.ts";
import { type Preprocessing, Preprocessor } from "../architectures/preprocessing.ts";
import type { InferencePlan } from "./inference_plan.ts";

/** Bytes of the input that are computed at once, as 32-bit numbers. */
const inputBytesAtOnce = 8 * 224 * 224 * 3 * 4;

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
