import { fillCache, openFeatureCache, type PhotoSource } from "../features/mod.ts";
import { matchPhotos } from "../datasets/mod.ts";
import { type FeaturesFile, openFeaturesFile } from "../interchange/mod.ts";
import { digestFile, digestJson } from "../storage/mod.ts";
import type { CachedFeatures } from "./cache_features.ts";
import { type Experiment, featuresFolder } from "./experiment.ts";

/** Begins the key of features that come from a file: what encoder made them is not known. */
export const FROM_FILE = "file-";

/** A photo of the data set, and the name by which it is looked for. */
interface NamedPhoto extends PhotoSource {
  /** Path in the data set. */
  photo: string;
}

/**
 * Stage 2 where features were made elsewhere: a file's entries → features on disk, matched to the
 * data set's photos by name. Photos without an entry are rejects.
 *
 * @throws {SyntaxError} if the file is refused, damaged, or holds no features
 * @throws {Error} if none of its names is a photo's
 */
export async function copyFeaturesFile(
  experiment: Experiment,
  path: string,
  photos: readonly NamedPhoto[],
): Promise<CachedFeatures & { reasons: { photo: string; reason: string }[] }> {
  const { config: { encoder: { precision, shardSize } }, say, signal, onProgress } = experiment;
  using file = await openFeaturesFile(path);
  const matches = placesOf(file, photos);
  const key = FROM_FILE + digestJson({ features: await digestFile(path), precision }).slice(0, 16);
  const folder = featuresFolder(experiment, key);
  const featureShape = [...file.featureShape];
  const cache = await openFeatureCache(folder, { key, featureShape, precision, shardSize, say });
  const began = performance.now();
  const { encoded, rejected } = await fillCache(
    cache,
    inFileOrder(photos, matches),
    { featureShape, features: (shards) => featuresOf(file, shards, matches) },
    { say, signal, onProgress },
  );
  return {
    folder,
    key,
    photos: photos.length - rejected.length,
    rejected: rejected.length,
    reasons: rejected,
    photosPerSecond: encoded > 0 ? encoded / ((performance.now() - began) / 1000) : 0,
  };
}

type Place = number | "ambiguous" | undefined;

/** Each photo's entry, by digest. */
function placesOf(
  { path, names }: FeaturesFile,
  photos: readonly NamedPhoto[],
): Map<string, Place> {
  const entryOf = matchPhotos(names);
  const places = new Map(photos.map(({ digest, photo }) => [digest, entryOf(photo)]));
  if (photos.length > 0 && ![...places.values()].some((place) => typeof place === "number")) {
    throw new Error(
      `None of the ${photos.length} photos of the data set (such as ${photos[0].photo}) is among ` +
        `the ${names.length} names in ${path} (such as ${names[0]})`,
    );
  }
  return places;
}

/** So that the file is read from its beginning to its end. */
function inFileOrder(
  photos: readonly NamedPhoto[],
  places: ReadonlyMap<string, Place>,
): NamedPhoto[] {
  const order = ({ digest }: NamedPhoto) => {
    const place = places.get(digest);
    return typeof place === "number" ? place : Infinity;
  };
  const rank = new Map(photos.map((photo) => [photo, order(photo)]));
  return photos.toSorted((a, b) => {
    const [first, second] = [rank.get(a)!, rank.get(b)!];
    return first === second ? 0 : first - second;
  });
}

async function* featuresOf(
  file: FeaturesFile,
  shards: AsyncIterable<readonly PhotoSource[]>,
  places: ReadonlyMap<string, Place>,
) {
  let wanted = 0;
  // One reading of the file for all shards: some files cannot be read but from their beginning.
  const entries = file.entries(function* () {
    while (true) yield wanted;
  }());
  try {
    for await (const photos of shards) {
      for (const { digest, path } of photos) {
        const place = places.get(digest);
        if (typeof place === "number") {
          wanted = place;
          const { value } = await entries.next();
          checkNumbers(value.feature, `${file.path}: its entry ${value.name}`);
          yield value.feature as Float32Array;
          continue;
        }
        const reason = place === undefined
          ? `has no entry in ${file.path}`
          : `has several entries in ${file.path}`;
        yield { digest, photo: path, reason };
      }
    }
  } finally {
    await entries.return(undefined);
  }
}

function checkNumbers(feature: Float32Array, entry: string): void {
  for (let i = 0; i < feature.length; i++) { // a callback per number would take long
    if (!Number.isFinite(feature[i])) throw new RangeError(`${entry} has the number ${feature[i]}`);
  }
}
