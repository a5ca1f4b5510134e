import type { Config } from "../config/mod.ts";
import { fillCache, openFeatureCache, type PhotoSource } from "../features/mod.ts";
import { matchPhotos } from "../datasets/mod.ts";
import { type FeaturesFile, openFeaturesFile } from "../interchange/mod.ts";
import { fileFeaturesKey } from "../run/mod.ts";
import { digestFile, digestJson } from "../storage/mod.ts";
import type { CachedFeatures } from "./cached_features.ts";
import { type Experiment, featuresFolder } from "./experiment.ts";

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
  { precision, shardSize }: Pick<Config["encoder"], "precision" | "shardSize">,
): Promise<CachedFeatures & { reasons: { photo: string; reason: string }[] }> {
  const { say, signal, onProgress } = experiment;
  using file = await openFeaturesFile(path);
  const matches = positionsOf(file, photos);
  const key = fileFeaturesKey(digestJson({ features: await digestFile(path), precision }));
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

type Position = number | "ambiguous" | undefined;

/** Each photo's entry, by digest. */
function positionsOf(
  { path, names }: FeaturesFile,
  photos: readonly NamedPhoto[],
): Map<string, Position> {
  const entryOf = matchPhotos(names);
  const positions = new Map(photos.map(({ digest, photo }) => [digest, entryOf(photo)]));
  if (
    photos.length > 0 && ![...positions.values()].some((position) => typeof position === "number")
  ) {
    throw new Error(
      `None of the ${photos.length} photos of the data set (such as ${photos[0].photo}) is among ` +
        `the ${names.length} names in ${path} (such as ${names[0]})`,
    );
  }
  return positions;
}

/** Photos in the order of their entries, so that the file is read once, front to back. */
function inFileOrder(
  photos: readonly NamedPhoto[],
  positions: ReadonlyMap<string, Position>,
): NamedPhoto[] {
  const order = ({ digest }: NamedPhoto) => {
    const position = positions.get(digest);
    return typeof position === "number" ? position : Infinity;
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
  positions: ReadonlyMap<string, Position>,
) {
  let wanted = 0;
  // One reading of the file for all shards: some files cannot be read but from their beginning.
  const entries = file.entries(function* () {
    while (true) yield wanted;
  }());
  try {
    for await (const photos of shards) {
      for (const { digest, path } of photos) {
        const position = positions.get(digest);
        if (typeof position === "number") {
          wanted = position;
          const { value } = await entries.next();
          checkNumbers(value.feature, `${file.path}: its entry ${value.name}`);
          yield value.feature as Float32Array;
          continue;
        }
        const reason = position === undefined
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
