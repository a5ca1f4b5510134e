import * as tf from "@tensorflow/tfjs";
import type { DecodingSettings } from "../decoding/mod.ts";
import { InferencePlan, PlannedEncoder } from "../encoders/browser.ts";
import type { Listener } from "../progress/mod.ts";
import { createDecoder, type Decoder, fittingWeights } from "../models/mod.ts";
import type { Weights } from "../nn/mod.ts";
import { decodeSafetensors } from "../safetensors/mod.ts";
import { tokenizerFromJson } from "../text/mod.ts";
import { Captioner } from "./captioner.ts";
import { type CaptionerFile, captionerFileFromJson } from "./captioner_file.ts";
import type { Captions } from "./captions.ts";
import { resizePixels, type ResizeSettings } from "./resize_pixels.ts";

/**
 * What TF.js takes pixels from: `<img>`, `<canvas>`, `<video>`, `ImageData`, …
 *
 * @internal
 */
export type Photo = Parameters<typeof tf.browser.fromPixels>[0];

/** An exported run, loaded: photos or features → captions. */
export class ExportedCaptioner {
  /** Captions of features. */
  readonly captioner: Captioner;
  readonly #encoder?: PlannedEncoder;
  readonly #resizing?: ResizeSettings;

  /** Owns the captioner and the encoder from now on. */
  constructor(captioner: Captioner, encoder?: PlannedEncoder, resizing?: ResizeSettings) {
    this.captioner = captioner;
    this.#encoder = encoder;
    this.#resizing = resizing;
  }

  /**
   * Captions of a photo.
   *
   * @param settings how they are made. @default {as in the run}
   * @throws {Error} if the run was exported without its encoder
   */
  async captionPhoto(
    photo: Photo,
    settings?: DecodingSettings,
    listener?: Pick<Listener, "signal">,
  ): Promise<Captions> {
    if (this.#encoder === undefined || this.#resizing === undefined) {
      throw new Error(
        "The run was exported without its encoder: call captionFeatures() with features from " +
          "elsewhere, or export it again with the encoder",
      );
    }
    const image = tf.browser.fromPixels(photo); // [height, width, 3]
    const [height, width] = image.shape;
    const data = Uint8Array.from(await image.data());
    image.dispose();
    const features = await this.#encoder.encode(
      resizePixels({ data, width, height }, this.#resizing),
      1,
    );
    const [captions] = await this.captionFeatures(features, 1, settings, listener);
    return captions;
  }

  /**
   * Captions of photos given by their features.
   *
   * @param features [photos, ...featureShape]
   * @param settings how they are made. @default {as in the run}
   * @throws {RangeError} if the number of values does not fit the photos
   */
  captionFeatures(
    features: Float32Array,
    photos: number,
    settings?: DecodingSettings,
    listener?: Pick<Listener, "signal">,
  ): Promise<Captions[]> {
    return this.captioner.captionFeatures(features, photos, settings, listener);
  }

  /** Frees the weights. */
  dispose(): void {
    this.captioner.dispose();
    this.#encoder?.dispose();
  }
}

/**
 * Loads the folder of an export for a web page onto TF.js' backend.
 *
 * @param folder where its `captioner.json` lies. @default {the folder that this script is in}
 * @throws {Error} if one of its files cannot be loaded
 * @throws {SyntaxError} if one of its files is of another version
 */
export async function loadCaptioner(
  folder: string | URL = new URL("./", import.meta.url),
): Promise<ExportedCaptioner> {
  await tf.ready();
  const base = new URL(`${folder}`.replace(/\/?$/, "/"), import.meta.url);
  const index = new URL("captioner.json", base);
  const file = captionerFileFromJson(await (await load(index)).text(), index.href);
  const [tokenizer, weights] = await Promise.all([
    load(new URL(file.tokenizer, base)).then((response) => response.text()),
    load(new URL(file.decoder.weights, base)).then((response) => response.arrayBuffer()),
  ]);
  const captioner = openDecoder(file, openTokenizer(tokenizer, file.tokenizer), weights);
  if (file.encoder === null) return new ExportedCaptioner(captioner);
  try {
    const encoder = await openEncoder(file.encoder, base);
    return new ExportedCaptioner(captioner, encoder, file.encoder);
  } catch (error) {
    captioner.dispose();
    throw error;
  }
}

async function load(url: URL): Promise<Response> {
  const failed = (why: string, cause?: unknown) =>
    new Error(`${url.href} cannot be loaded: ${why}; the server needs the whole exported folder`, {
      cause,
    });
  let response: Response;
  try {
    response = await fetch(url);
  } catch (error) {
    throw failed("no answer", error);
  }
  if (response.ok) return response;
  throw failed(`HTTP ${response.status}`);
}

function openTokenizer(text: string, name: string): ReturnType<typeof tokenizerFromJson> {
  try {
    return tokenizerFromJson(text);
  } catch (error) {
    throw new SyntaxError(`${name}: ${(error as Error).message}`, { cause: error });
  }
}

function openDecoder(
  { decoder: { settings, featureShape, weights: name }, decoding }: CaptionerFile,
  tokenizer: ReturnType<typeof tokenizerFromJson>,
  buffer: ArrayBuffer,
): Captioner {
  const { vocabularySize } = tokenizer;
  const decoder = decoderOf(settings, { vocabularySize, featureShape });
  const { tensors } = decodeSafetensors(new Uint8Array(buffer), name);
  const weights = fittingWeights(decoder, tensors as Weights, name);
  return new Captioner({ decoder, weights, tokenizer, featureShape, decoding });
}

function decoderOf(...[settings, inputs]: Parameters<typeof createDecoder>): Decoder {
  try {
    return createDecoder(settings, inputs);
  } catch (error) {
    throw new RangeError(`captioner.json: ${(error as Error).message}; export the run again`, {
      cause: error,
    });
  }
}

async function openEncoder(
  { model: path, preprocessing, ...encoder }: NonNullable<CaptionerFile["encoder"]>,
  base: URL,
): Promise<PlannedEncoder> {
  const model = await tf.loadLayersModel(tf.io.http(new URL(path, base).href));
  try {
    return new PlannedEncoder(encoder, new InferencePlan(model), preprocessing);
  } finally {
    model.dispose();
  }
}
