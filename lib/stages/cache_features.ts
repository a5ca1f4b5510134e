import { join, resolve } from "node:path";
import { readDataset } from "../datasets/mod.ts";
import { LazyEncoder } from "../encoders/mod.ts";
import { encodePhotos, fillCache, openFeatureCache } from "../features/mod.ts";
import { copyFeaturesFile } from "./copy_features_file.ts";
import { type Experiment, featuresFolder } from "./experiment.ts";
import { digestJson } from "../storage/mod.ts";
import { freeMemory } from "./free_memory.ts";
import { prepareData } from "./prepare_data.ts";

/** What stage 2 made. */
export interface CachedFeatures {
  /** Where they lie. */
  folder: string;
  /** What decides their values. */
  key: string;
  /** Photos of the data set that have a feature. */
  photos: number;
  /** Photos of the data set that could not be decoded. */
  rejected: number;
  /** Photos encoded a second, decoding included; 0 if none had to be. */
  photosPerSecond: number;
}

/** What was cached since the program began, by data set and encoder settings. */
const known = new Map<string, Promise<CachedFeatures>>();

/**
 * Stage 2: photos → features on disk; only those that are not there yet.
 *
 * Done once for the same data set and encoder, since finding out whether all are there takes
 * reading all of them. The encoder's weights are loaded only where some are missing.
 */
export async function cacheFeatures(experiment: Experiment): Promise<CachedFeatures> {
  const { folder } = await prepareData(experiment);
  const key = digestJson({ dataset: resolve(folder), encoder: experiment.config.encoder });
  const cached = known.get(key) ?? cache(experiment, folder).finally(freeMemory);
  known.set(key, cached);
  return await cached;
}

async function cache(experiment: Experiment, dataset: string): Promise<CachedFeatures> {
  const { config: { encoder: { features } }, say } = experiment;
  if (features === undefined) return await encode(experiment, dataset);
  const { captions, photoFolder } = await readDataset(dataset);
  const photos = new Map(captions.map(({ digest, photo }) => [digest, photo]));
  const named = Array.from(photos, ([digest, photo]) => ({
    digest,
    photo,
    path: join(photoFolder, photo),
  }));
  const { reasons, ...copied } = await copyFeaturesFile(experiment, features, named);
  sayRejects(reasons, copied.folder, say);
  say(
    copied.photosPerSecond > 0
      ? `Features of ${copied.photos} photos taken from ${features}, in ${copied.folder}`
      : `Features of all ${copied.photos} photos are in ${copied.folder}, from ${features}`,
  );
  return copied;
}

async function encode(experiment: Experiment, dataset: string): Promise<CachedFeatures> {
  const { config, say, signal, onProgress } = experiment;
  const { captions, photoFolder } = await readDataset(dataset);
  const photos = new Map(captions.map(({ digest, photo }) => [digest, join(photoFolder, photo)]));
  const engine = await experiment.engine();
  const encoder = await LazyEncoder.of(config.encoder, {
    fused: engine.fused,
    say,
    onProgress,
  });
  try {
    const folder = featuresFolder(experiment, encoder.key);
    const cache = await openFeatureCache(folder, {
      key: encoder.key,
      featureShape: encoder.featureShape,
      precision: config.encoder.precision,
      shardSize: config.encoder.shardSize,
      say,
    });
    const began = performance.now();
    const { encoded, rejected } = await fillCache(
      cache,
      [...photos].map(([digest, path]) => ({ digest, path })),
      encodePhotos(encoder, { images: config.encoder, batchSize: config.encoder.batchSize }),
      { say, signal, onProgress },
    );
    const seconds = (performance.now() - began) / 1000 - encoder.secondsToStart;
    const usable = photos.size - rejected.length;
    sayRejects(rejected, folder, say);
    say(
      encoded > 0
        ? `Features of ${encoded} photos cached (${(encoded / seconds).toFixed(1)} photos/s), ` +
          `${usable} in all, in ${folder}`
        : `Features of all ${usable} photos are in ${folder}`,
    );
    return {
      folder,
      key: encoder.key,
      photos: usable,
      rejected: rejected.length,
      photosPerSecond: encoded > 0 ? encoded / seconds : 0,
    };
  } finally {
    await encoder.dispose();
  }
}

function sayRejects(
  rejected: readonly { photo: string; reason: string }[],
  folder: string,
  say: Experiment["say"],
): void {
  for (const { photo, reason } of rejected.slice(0, 5)) say(`Rejected ${photo}: ${reason}`);
  if (rejected.length > 5) {
    say(`… and ${rejected.length - 5} more, listed in ${join(folder, "shard-*.json")}`);
  }
}
