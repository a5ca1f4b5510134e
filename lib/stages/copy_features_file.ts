import type { Config } from "../config/mod.ts";
import { fillCache, openFeatureCache, type PhotoSource } from "../features/mod.ts";
import { checkNumbers, type FeaturesFile, openFeaturesFile } from "../interchange/mod.ts";
import { fileFeaturesKey } from "../run/mod.ts";
import { digestFile, digestJson, type FolderUses } from "../storage/mod.ts";
import type { CachedFeatures } from "./cached_features.ts";
import { type Experiment, featuresFolder } from "./experiment.ts";
import { matchEntries, type NamedPhoto } from "./match_entries.ts";

/** Version of the rule by which entries are matched to photos: features of others are not used. */
const MATCHING = 2;

/** A photo that has no feature, and why. */
interface Unmatched {
  photo: string;
  reason: string;
}

/**
 * Stage 2 where features were made elsewhere: a file's entries → features on disk, matched to the
 * data set's photos by name. Photos without an entry are rejects.
 *
 * @param photos of the data set, each under all its names
 * @throws {SyntaxError} if the file is refused, damaged, or holds no features
 * @throws {Error} if none of its names is a photo's
 */
export async function copyFeaturesFile(
  experiment: Experiment & { uses: FolderUses },
  path: string,
  photos: readonly NamedPhoto[],
  { precision, shardSize }: Pick<Config["encoder"], "precision" | "shardSize">,
): Promise<CachedFeatures & { reasons: Unmatched[] }> {
  const { say, signal, onProgress } = experiment;
  using file = await openFeaturesFile(path);
  const { positions, reasons, remarks } = matchEntries(file, photos);
  for (const line of remarks) say(line);
  const { unread = [] } = file;
  if (unread.length > 0) {
    say(`${path}: ${unread.join(", ")} ${unread.length === 1 ? "is" : "are"} not read`);
  }
  const key = fileFeaturesKey(
    digestJson({ features: await digestFile(path), precision, matching: MATCHING }),
  );
  const folder = featuresFolder(experiment, key);
  const featureShape = [...file.featureShape];
  await experiment.uses.use(folder);
  const cache = await openFeatureCache(folder, { key, featureShape, precision, shardSize, say });
  const began = performance.now();
  const { encoded } = await fillCache(
    cache,
    inFileOrder(photos, positions),
    { featureShape, features: (shards) => featuresOf(file, shards, positions) },
    { say, signal, onProgress },
  );
  return {
    folder,
    key,
    photos: positions.size,
    rejected: reasons.length,
    reasons,
    photosPerSecond: encoded > 0 ? encoded / ((performance.now() - began) / 1000) : 0,
    checked: cache.checked,
  };
}

/** Photos that have an entry, in the order of the file, so that it is read once, front to back. */
function inFileOrder(
  photos: readonly NamedPhoto[],
  positions: ReadonlyMap<string, number>,
): NamedPhoto[] {
  return photos.filter(({ digest }) => positions.has(digest))
    .sort((a, b) => positions.get(a.digest)! - positions.get(b.digest)!);
}

async function* featuresOf(
  file: FeaturesFile,
  shards: AsyncIterable<readonly PhotoSource[]>,
  positions: ReadonlyMap<string, number>,
) {
  let wanted = 0;
  // One reading of the file for all shards: some files cannot be read but from their beginning.
  const entries = file.entries(function* () {
    while (true) yield wanted;
  }());
  try {
    for await (const photos of shards) {
      for (const { digest } of photos) {
        wanted = positions.get(digest)!;
        const { value } = await entries.next();
        checkNumbers(value.feature, `${file.path}: its entry ${value.name}`);
        yield value.feature as Float32Array;
      }
    }
  } finally {
    await entries.return(undefined);
  }
}
