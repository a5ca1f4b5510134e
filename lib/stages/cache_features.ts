import { join } from "node:path";
import { type ConfigEncoder, type NetworkEncoder, networkOf } from "../config/mod.ts";
import { LazyEncoder } from "../encoders/mod.ts";
import {
  encodePhotos,
  type FeatureCache,
  fillCache,
  flippedPhoto,
  openFeatureCache,
  recordedOneDnn,
} from "../features/mod.ts";
import type { TrainingSummary } from "../run/mod.ts";
import type { FolderUses } from "../storage/mod.ts";
import { counted } from "../text/mod.ts";
import { type CachedFeatures, sayRejects } from "./cached_features.ts";
import { copyFeaturesFile } from "./copy_features_file.ts";
import { type Experiment, featuresFolder, whileInUse } from "./experiment.ts";
import { freeMemory } from "./free_memory.ts";
import type { PreparedData } from "./prepared_data.ts";

/**
 * Stage 2: photos → features on disk; only those that are not there yet. The encoder's weights are
 * loaded only where some are missing. Where training flips photos, the mirror images of the train
 * photos follow them, in shards of their own.
 *
 * @param encoder its settings, where they are not the experiment's
 * @param training of the run that is to get them: a new cache is computed as its features were
 */
export async function cacheFeatures(
  experiment: Experiment,
  prepared: PreparedData,
  encoder: ConfigEncoder = experiment.config.encoder,
  training?: Pick<TrainingSummary, "oneDnn">,
): Promise<CachedFeatures> {
  try {
    return await whileInUse(
      experiment,
      (experiment) =>
        encoder.features === undefined
          ? encode(experiment, prepared, networkOf(encoder), training)
          : copy(experiment, prepared, encoder, encoder.features),
    );
  } finally {
    freeMemory();
  }
}

async function copy(
  experiment: Experiment & { uses: FolderUses },
  prepared: PreparedData,
  settings: ConfigEncoder,
  file: string,
): Promise<CachedFeatures> {
  const { photoFolder } = prepared;
  const digests = new Map((await prepared.captions()).map(({ digest, photo }) => [photo, digest]));
  const named = Array.from(digests, ([photo, digest]) => ({
    digest,
    photo,
    path: join(photoFolder, photo),
  }));
  const { reasons, ...copied } = await copyFeaturesFile(experiment, file, named, settings);
  sayRejects(reasons, experiment.say);
  experiment.say(
    copied.photosPerSecond > 0
      ? `Features of ${counted(copied.photos, "photo")} taken from ${file}, in ${copied.folder}`
      : `Features of all ${counted(copied.photos, "photo")} are in ${copied.folder}, from ${file}`,
  );
  return copied;
}

async function encode(
  experiment: Experiment & { uses: FolderUses },
  prepared: PreparedData,
  settings: NetworkEncoder,
  training?: Pick<TrainingSummary, "oneDnn">,
): Promise<CachedFeatures> {
  const { say, signal, onProgress } = experiment;
  const { photoFolder } = prepared;
  const photos = await prepared.photos();
  const named = Array.from(photos, ([digest, photo]) => ({
    digest,
    path: join(photoFolder, photo),
  }));
  const flips = training === undefined && experiment.config.training.flipPhotos;
  const train = new Set(
    flips ? (await prepared.captions("train")).map(({ digest }) => digest) : [],
  );
  const flipped = named.filter(({ digest }) => train.has(digest)).map(flippedPhoto);
  const engine = await experiment.engine();
  const encoder = await LazyEncoder.of(settings, {
    fused: engine.fused,
    kernels: (measure) =>
      recordedOneDnn(cache, training === undefined ? measure : () => training.oneDnn),
    say,
    onProgress,
  });
  let cache: FeatureCache; // opened before the encoder asks for it, as its key names the folder
  try {
    const folder = featuresFolder(experiment, encoder.key);
    await experiment.uses.use(folder);
    cache = await openFeatureCache(folder, {
      key: encoder.key,
      featureShape: encoder.featureShape,
      precision: settings.precision,
      ...encoder.arithmetic === "bfloat16" && { arithmetic: "bfloat16" },
      shardSize: settings.shardSize,
      say,
    });
    const began = performance.now();
    const filled = await fillCache(
      cache,
      [...named, ...flipped],
      encodePhotos(encoder, { images: settings, batchSize: settings.batchSize }),
      { say, signal, onProgress },
    );
    const seconds = (performance.now() - began) / 1000 - encoder.secondsToStart;
    const { encoded } = filled;
    const rejected = [...new Map(filled.rejected.map((reject) => [reject.photo, reject])).values()];
    const usable = photos.size - rejected.length;
    const too = flips ? ", and those of flipped train photos" : "";
    sayRejects(rejected, say, join(folder, "shard-*.json"));
    say(
      encoded > 0
        ? `Features of ${counted(encoded, "photo")} cached (${
          (encoded / seconds).toFixed(1)
        } photos/s), ` +
          `${usable.toLocaleString("en")} in all${too}, in ${folder}`
        : `Features of all ${counted(usable, "photo")}${too} are in ${folder}`,
    );
    return {
      folder,
      key: encoder.key,
      oneDnn: cache.oneDnn,
      photos: usable,
      rejected: rejected.length,
      photosPerSecond: encoded > 0 ? encoded / seconds : 0,
      checked: cache.checked,
    };
  } finally {
    await encoder.dispose();
  }
}
