import { checkPixels } from "../check_pixels.ts";
import type { Encoder } from "../encoder.ts";
import type { Arithmetic } from "../../nn/mod.ts";
import type { OnnxRuntime, OnnxSession, OnnxTensor } from "./onnxruntime.ts";
import { type FeatureLayout, featureLayout } from "./photo_feature.ts";
import { inputOf, type OnnxInput, outputOf } from "./network_ends.ts";
import { OnnxPixels } from "./onnx_pixels.ts";
import type { OnnxSettings } from "./settings.ts";

/** A network in an ONNX file that onnxruntime computes. */
export class OnnxEncoder implements Encoder {
  readonly kind = "onnx";
  readonly layer: string;
  readonly imageSize: number;
  readonly featureShape: number[];
  readonly key: string;
  readonly arithmetic: Arithmetic = "float32";
  readonly #runtime: OnnxRuntime;
  readonly #session: OnnxSession;
  readonly #input: OnnxInput;
  readonly #pixels: OnnxPixels;
  readonly #layout: FeatureLayout;

  private constructor(
    runtime: OnnxRuntime,
    session: OnnxSession,
    settings: OnnxSettings,
    { key, layer, input, layout }: {
      key: string;
      layer: string;
      input: OnnxInput;
      layout: FeatureLayout;
    },
  ) {
    this.#runtime = runtime;
    this.#session = session;
    this.#input = input;
    this.#pixels = new OnnxPixels(settings, input.channelsLast);
    this.#layout = layout;
    this.layer = layer;
    this.key = key;
    this.imageSize = settings.imageSize;
    this.featureShape = layout.shape;
  }

  /**
   * Loads a network, and runs it on a blank photo: that alone tells the shape of its feature.
   *
   * @param keyOf the encoder's key, given the name of the output
   * @throws {SyntaxError} if the file is not a network that onnxruntime can load
   * @throws {RangeError} if it takes something else than one photo of this size, or has no such output
   */
  static async load(
    runtime: OnnxRuntime,
    path: string,
    settings: OnnxSettings,
    keyOf: (layer: string) => string,
  ): Promise<OnnxEncoder> {
    const session = await runtime.InferenceSession.create(path, { logSeverityLevel: 4 })
      .catch((error) => {
        throw new SyntaxError(
          `${path} cannot be loaded by onnxruntime (${reasonOf(error)}): give an ONNX file`,
          { cause: error },
        );
      });
    try {
      const layer = outputOf(session, settings.layer, path);
      const input = inputOf(session, settings.imageSize, path);
      const size = settings.imageSize;
      const blank = new Float32Array(input.photos * 3 * size ** 2);
      const dims = input.dims(input.photos, size);
      const feeds = { [input.name]: new runtime.Tensor("float32", blank, dims) };
      const { [layer]: output } = await session.run(feeds, [layer]).catch((error) => {
        throw new RangeError(
          `${path} cannot take photos of encoder.imageSize ${size} (${
            reasonOf(error)
          }): set it to ` +
            "the size that the network was made for",
          { cause: error },
        );
      });
      checkOutput(output, layer, input.photos);
      const layout = featureLayout(output.dims.slice(1), settings.take, layer);
      return new OnnxEncoder(runtime, session, settings, {
        key: keyOf(layer),
        layer,
        input,
        layout,
      });
    } catch (error) {
      await session.release();
      throw error;
    }
  }

  async encode(pixels: Uint8Array, photos: number): Promise<Float32Array> {
    const size = checkPixels(pixels, photos, this.imageSize);
    const length = this.featureShape.reduce((product, side) => product * side, 1);
    const features = new Float32Array(photos * length);
    const atOnce = this.#input.photos;
    for (let from = 0; from < photos; from += atOnce) {
      const count = Math.min(atOnce, photos - from);
      const output = await this.#run(pixels.subarray(from * size, (from + count) * size));
      const own = output.data.length / output.dims[0];
      for (let i = 0; i < count; i++) {
        this.#layout.copy(
          output.data.subarray(i * own, (i + 1) * own),
          features.subarray((from + i) * length, (from + i + 1) * length),
        );
      }
    }
    return features;
  }

  dispose(): void {
    void this.#session.release();
  }

  async #run(pixels: Uint8Array): Promise<OnnxTensor> {
    const { name, photos, dims } = this.#input;
    // As many photos as the network takes at once; those that are missing are blank.
    const values = new Float32Array(photos * 3 * this.imageSize ** 2);
    this.#pixels.run(pixels, values);
    const input = new this.#runtime.Tensor("float32", values, dims(photos, this.imageSize));
    return (await this.#session.run({ [name]: input }, [this.layer]))[this.layer];
  }
}

function checkOutput({ type, dims }: OnnxTensor, layer: string, photos: number): void {
  if (type === "float32" && dims[0] === photos) return;
  throw new RangeError(
    `Output "${layer}" is ${type} [${
      dims.join(", ")
    }] for ${photos} photos, not float32 with a row a ` +
      "photo: set encoder.layer to another output",
  );
}

function reasonOf(error: unknown): string {
  return (error as Error).message.split("\n")[0].replace(/\.$/, "");
}
