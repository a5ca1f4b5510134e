import type { Captioner, Captions } from "../captioner/mod.ts";
import { type Config, networkOf } from "../config/mod.ts";
import type { DecodingSettings } from "../decoding/mod.ts";
import { createEncoder } from "../encoders/mod.ts";
import type { Engine } from "../engine/mod.ts";
import type { Listener } from "../progress/mod.ts";
import type { Run, TrainingSummary } from "../run/mod.ts";
import { captionBatches, type CaptionedPhoto } from "./caption_batches.ts";
import { checkEncoder } from "./check_encoder.ts";
import { checkFeatures, checkNetwork, encoderGiving, type FeatureTaker } from "./check_features.ts";
import { readCaptioner } from "./read_captioner.ts";
import { inTrainedArithmetic } from "./trained_arithmetic.ts";
import { encodedFeatures, listedFeatures, type PhotoFeatures } from "./photo_features.ts";

/** Options of {@linkcode openCaptioner}. */
export interface OpenCaptionerOptions extends Pick<Listener, "say" | "onProgress"> {
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
  { config, ...options }: OpenCaptionerOptions,
): Promise<PhotoCaptioner> {
  config ??= await run.readConfig();
  const captioner = await readCaptioner(run, config, options.engine, options.say);
  const training = await run.readTraining();
  const taker = { featureShape: training.featureShape, name: run.folder };
  const features = () => openPhotoFeatures(config, training, taker, options);
  return new PhotoCaptioner(captioner, config, features);
}

/**
 * The config by which photos are captioned, checked before any work and any download: the given one,
 * with features from its file alone where that is what was asked for or the run has no network.
 *
 * @param config the run's, changed where something was asked for
 * @throws {RangeError} if its features were made elsewhere and no file of them is named, or those of
 * the encoder or the file have another shape
 */
export async function captioningConfig(run: Run, config: Config): Promise<Config> {
  const { featureShape } = await run.readTraining();
  const { features, precision, shardSize } = config.encoder;
  const isAsked = features !== undefined &&
    features !== (await run.readConfig()).encoder.features;
  const encoder = isAsked
    ? { kind: "features" as const, features, precision, shardSize }
    : encoderGiving(config.encoder, featureShape);
  const taker = { featureShape, name: run.folder };
  if (encoder.kind === "features") await checkFeatures(encoder, taker);
  else checkNetwork(encoder, taker);
  return { ...config, encoder };
}

/** What gives the features of photos: the run's network, or a file where it has none. */
async function openPhotoFeatures(
  config: Config,
  training: TrainingSummary,
  taker: FeatureTaker,
  { engine, say, onProgress }: Omit<OpenCaptionerOptions, "config">,
): Promise<PhotoFeatures> {
  const given = encoderGiving(config.encoder, taker.featureShape);
  if (given.kind === "features" && given.features !== undefined) {
    return await listedFeatures(given.features, taker);
  }
  checkNetwork(given, taker);
  const settings = networkOf(inTrainedArithmetic(given, training));
  const encoder = await createEncoder(settings, { fused: engine.fused, say, onProgress });
  try {
    checkEncoder(encoder, settings, training, { say });
  } catch (error) {
    encoder.dispose();
    throw error;
  }
  return encodedFeatures(encoder, settings);
}

/** A trained run, loaded once: photo → captions. An encoder is loaded with the first photo. */
export class PhotoCaptioner {
  /** Captions of features. */
  readonly captioner: Captioner;
  /** The run's config. */
  readonly config: Config;
  readonly #open: () => Promise<PhotoFeatures>;
  #features?: Promise<PhotoFeatures>;

  /**
   * Owns the captioner from now on.
   *
   * @param open gives what the first photo's features come from
   */
  constructor(captioner: Captioner, config: Config, open: () => Promise<PhotoFeatures>) {
    this.captioner = captioner;
    this.config = config;
    this.#open = open;
  }

  /**
   * Features of photos, by the run's encoder; where they were made elsewhere, those that the file
   * `encoder.features` has of photos of these names.
   *
   * @returns features [photos, ...featureShape]
   * @throws {UnreadablePhotoError} if a photo cannot be decoded, or the file has no feature of it
   * @throws {RangeError} if the run cannot read photos, or takes features of another shape
   * @throws {Error} if the encoder's weights are not those of the training
   */
  async featuresOf(photos: readonly (string | Uint8Array)[]): Promise<Float32Array> {
    return await (await this.#opened()).of(photos);
  }

  /**
   * Captions of any number of photos, in their order: some are decoded while others are encoded and
   * captioned, and memory does not grow with their number. Photos are named by paths or by web
   * addresses; one that cannot be read has an error instead, and the others go on.
   *
   * ```ts ignore
   * for await (const { photo, ...found } of captioner.captionAll(await findPhotos(["holiday"]))) {
   *   console.log(photo, "error" in found ? found.error : found.caption);
   * }
   * ```
   *
   * @throws {RangeError} if the run cannot read photos, or takes features of another shape
   * @throws {Error} if the encoder's weights are not those of the training
   */
  async *captionAll(
    photos: readonly string[],
    settings: DecodingSettings = this.config.decoding,
    listener: Omit<Listener, "say"> = {},
  ): AsyncGenerator<CaptionedPhoto> {
    const features = await this.#opened();
    yield* captionBatches(this.captioner, features, photos, settings, listener);
  }

  /** Loads the encoder now, whose weights may have to be downloaded, not with the first photo. */
  async loadEncoder(): Promise<void> {
    await this.#opened();
  }

  /**
   * Captions of a few photos, which are in memory together, by {@linkcode PhotoCaptioner.featuresOf}, which says what it throws.
   */
  async captionPhotos(
    photos: (string | Uint8Array)[],
    settings: DecodingSettings = this.config.decoding,
    listener: Pick<Listener, "signal"> = {},
  ): Promise<Captions[]> {
    const features = await this.featuresOf(photos);
    return await this.captioner.captionFeatures(features, photos.length, settings, listener);
  }

  /** Frees weights and encoder. */
  async dispose(): Promise<void> {
    this.captioner.dispose();
    (await this.#features?.catch(() => undefined))?.dispose();
  }

  #opened(): Promise<PhotoFeatures> {
    return this.#features ??= this.#open();
  }
}
