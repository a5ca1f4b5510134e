import type { Captioner, Captions } from "../captioner/mod.ts";
import type { Config } from "../config/mod.ts";
import type { DecodingSettings } from "../decoding/mod.ts";
import type { Engine } from "../engine/mod.ts";
import type { Listener } from "../progress/mod.ts";
import type { Run } from "../run/mod.ts";
import { captionBatches, type CaptionedPhoto } from "./caption_batches.ts";
import { checkFeatures, checkNetwork, encoderGiving } from "./check_features.ts";
import { readCaptioner } from "./read_captioner.ts";
import { beginFeatures, type BegunFeatures, openPhotoFeatures } from "./open_photo_features.ts";
import type { PhotoFeatures } from "./photo_features.ts";

/** Options of {@linkcode openCaptioner}. */
export interface OpenCaptionerOptions extends Pick<Listener, "say" | "onProgress"> {
  /** What captions are made on; what needs no engine goes on while it starts. */
  engine: Engine | Promise<Engine>;
  /**
   * The run's config, changed where the encoder's weights lie elsewhere or captions are to be made
   * in another way. @default {the run's own}
   */
  config?: Config;
  /**
   * Photos that will be captioned first, by `captionAll`: their encoder is loaded at once, and they are
   * decoded meanwhile.
   */
  photos?: readonly string[];
}

/**
 * Stage 6: best checkpoint → captions of any photo.
 *
 * @throws {Error} if the run is not trained to its end
 * @throws {RangeError} if the checkpoint does not fit the config
 */
export async function openCaptioner(
  run: Run,
  { config, photos, ...options }: OpenCaptionerOptions,
): Promise<PhotoCaptioner> {
  config ??= await run.readConfig();
  const opening = readCaptioner(run, config, options.engine, options.say);
  opening.catch(() => {}); // told below
  const taking = { run, config, ...options };
  const begun = photos && await beginFeatures(photos, { ...taking, before: opening });
  const captioner = await opening;
  return new PhotoCaptioner(captioner, config, () => openPhotoFeatures(taking), begun);
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

/** A trained run, loaded once: photo → captions. An encoder is loaded with the first photo. */
export class PhotoCaptioner {
  /** Captions of features. */
  readonly captioner: Captioner;
  /** The run's config. */
  readonly config: Config;
  readonly #open: () => Promise<PhotoFeatures>;
  #features?: Promise<PhotoFeatures>;
  #begun?: BegunFeatures;

  /**
   * Owns the captioner from now on.
   *
   * @param open gives what the first photo's features come from
   * @param begun the same, of photos that are under way
   */
  constructor(
    captioner: Captioner,
    config: Config,
    open: () => Promise<PhotoFeatures>,
    begun?: BegunFeatures,
  ) {
    this.captioner = captioner;
    this.config = config;
    this.#open = open;
    this.#features = begun?.features;
    this.#begun = begun;
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
    const begun = this.#begun?.photos === photos ? this.#begun : undefined;
    if (begun !== undefined) this.#begun = undefined;
    const batches = begun?.batches ?? features.batches(photos);
    yield* captionBatches(this.captioner, batches, photos.length, settings, listener);
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
    await this.#begun?.batches.return(undefined).catch(() => {});
    (await this.#features?.catch(() => undefined))?.dispose();
  }

  #opened(): Promise<PhotoFeatures> {
    return this.#features ??= this.#open();
  }
}
