import { type Config, type NetworkEncoder, networkOf } from "../config/mod.ts";
import { createEncoder, type Encoder, type WeightSource } from "../encoders/mod.ts";
import type { Engine } from "../engine/mod.ts";
import type { Listener } from "../progress/mod.ts";
import type { Run, TrainingSummary } from "../run/mod.ts";
import { beginPhotos, type BegunPhotos } from "./begin_photos.ts";
import { checkEncoder } from "./check_encoder.ts";
import { checkNetwork, encoderGiving, type FeatureTaker } from "./check_features.ts";
import { inTrainedArithmetic } from "./trained_arithmetic.ts";
import { encodedFeatures, listedFeatures, type PhotoFeatures } from "./photo_features.ts";

/** For whom features are opened, and on what. */
export interface FeaturesOptions extends Pick<Listener, "say" | "onProgress"> {
  /** Its captioner takes them. */
  run: Run;
  /** The run's config, changed where something was asked for. */
  config: Config;
  /** What the encoder computes on. */
  engine: Engine | Promise<Engine>;
}

/** Features of photos that are under way. */
export interface BegunFeatures extends Pick<BegunPhotos, "photos" | "batches"> {
  /** What gives them, and those of other photos. */
  features: Promise<PhotoFeatures>;
}

/** What gives the features of photos: the run's network, or a file where it has none. */
export async function openPhotoFeatures(options: FeaturesOptions): Promise<PhotoFeatures> {
  const { training, taker, given } = await featuresTaken(options);
  if (given.kind === "features" && given.features !== undefined) {
    return await listedFeatures(given.features, taker);
  }
  checkNetwork(given, taker);
  const settings = networkOf(inTrainedArithmetic(given, training));
  return encodedFeatures(await trainedEncoder(settings, training, options), settings);
}

/**
 * Begins with photos while the engine starts.
 *
 * @returns undefined where no network encodes them, or what is wrong is told when they are opened
 */
export async function beginFeatures(
  photos: readonly string[],
  { before, ...options }: FeaturesOptions & { before: Promise<unknown> },
): Promise<BegunFeatures | undefined> {
  const taken = await featuresTaken(options).catch(() => undefined);
  if (taken === undefined || taken.given.kind === "features") return undefined;
  const { training, taker, given } = taken;
  const settings = networkOf(inTrainedArithmetic(given, training));
  const { say, onProgress } = options;
  const { encoder, batches } = beginPhotos(settings, photos, {
    before: before.then(() => checkNetwork(given, taker)),
    featureShape: training.featureShape,
    say,
    onProgress,
    createEncoder: (source) => trainedEncoder(settings, training, options, source),
  });
  const features = encoder.then((encoder) => encodedFeatures(encoder, settings));
  features.catch(() => {}); // told where it is awaited
  return { photos, batches, features };
}

async function featuresTaken({ run, config }: Pick<FeaturesOptions, "run" | "config">) {
  const training = await run.readTraining();
  const taker: FeatureTaker = { featureShape: training.featureShape, name: run.folder };
  return { training, taker, given: encoderGiving(config.encoder, taker.featureShape) };
}

/** The encoder, checked to be that of the run's training. */
async function trainedEncoder(
  settings: NetworkEncoder,
  training: TrainingSummary,
  { engine, say, onProgress }: FeaturesOptions,
  source?: Promise<WeightSource | undefined>,
): Promise<Encoder> {
  const { fused } = await engine;
  const kernels = () => training.oneDnn;
  const encoder = await createEncoder(settings, { fused, source, kernels, say, onProgress });
  try {
    checkEncoder(encoder, settings, training, { say });
  } catch (error) {
    encoder.dispose();
    throw error;
  }
  return encoder;
}
