import { Captioner, type Captions } from "../captioner/mod.ts";
import type { Config } from "../config/mod.ts";
import type { DecodingSettings } from "../decoding/mod.ts";
import { createEncoder, type Encoder } from "../encoders/mod.ts";
import type { Engine } from "../engine/mod.ts";
import { decodePhoto } from "../images/mod.ts";
import type { Listener } from "../progress/mod.ts";
import { createDecoder } from "../models/mod.ts";
import type { Run, TrainingSummary } from "../run/mod.ts";
import { checkEncoder } from "./check_encoder.ts";

/** Options of {@linkcode openCaptioner}. */
export interface OpenCaptionerOptions extends Pick<Listener, "say"> {
  /** What captions are made on. */
  engine: Engine;
  /**
   * The run's config, changed where the encoder's weights lie elsewhere or captions are to be made
   * in another way. @default {the run's own}
   */
  config?: Config;
}

/**
 * Stage 6: best checkpoint → captions of any photo.
 *
 * @throws {Error} if the run is not trained to its end
 * @throws {RangeError} if the checkpoint does not fit the config
 */
export async function openCaptioner(
  run: Run,
  { engine, config, say }: OpenCaptionerOptions,
): Promise<PhotoCaptioner> {
  config ??= await run.readConfig();
  const training = await run.readTraining();
  const tokenizer = await run.readTokenizer();
  const { featureShape } = training;
  const decoder = createDecoder(
    config.model,
    { vocabularySize: tokenizer.vocabularySize, featureShape },
    engine.fused,
  );
  const captioner = new Captioner({
    decoder,
    weights: run.readWeights(decoder),
    tokenizer,
    featureShape,
    decoding: config.decoding,
  });
  return new PhotoCaptioner(captioner, config, training, engine, say);
}

/** A trained run, loaded once: photo → captions. The encoder is loaded with the first photo. */
export class PhotoCaptioner {
  /** Captions of features. */
  readonly captioner: Captioner;
  /** The run's config. */
  readonly config: Config;
  readonly #training: TrainingSummary;
  readonly #engine: Engine;
  readonly #say: Listener["say"];
  #encoder?: Promise<Encoder>;

  /** Owns the captioner from now on. */
  constructor(
    captioner: Captioner,
    config: Config,
    training: TrainingSummary,
    engine: Engine,
    say: Listener["say"],
  ) {
    this.captioner = captioner;
    this.config = config;
    this.#training = training;
    this.#engine = engine;
    this.#say = say;
  }

  /**
   * Captions of photo files.
   *
   * @throws {UnreadablePhotoError} if one cannot be decoded
   * @throws {Error} if the encoder's weights are not those of the training
   */
  async captionPhotos(
    photos: (string | Uint8Array)[],
    settings: DecodingSettings = this.config.decoding,
    listener: Pick<Listener, "signal"> = {},
  ): Promise<Captions[]> {
    const encoder = await (this.#encoder ??= this.#startEncoder());
    const pixels = await Promise.all(
      photos.map((photo) => decodePhoto(photo, this.config.encoder)),
    );
    const bytes = new Uint8Array(pixels.reduce((sum, { length }) => sum + length, 0));
    let offset = 0;
    for (const photo of pixels) {
      bytes.set(photo, offset);
      offset += photo.length;
    }
    const features = await encoder.encode(bytes, photos.length);
    return await this.captioner.captionFeatures(features, photos.length, settings, listener);
  }

  /** Frees weights and encoder. */
  async dispose(): Promise<void> {
    this.captioner.dispose();
    (await this.#encoder)?.dispose();
  }

  async #startEncoder(): Promise<Encoder> {
    const encoder = await createEncoder(this.config.encoder, { fused: this.#engine.fused });
    try {
      checkEncoder(encoder, this.config.encoder, this.#training, { say: this.#say });
    } catch (error) {
      encoder.dispose();
      throw error;
    }
    return encoder;
  }
}
