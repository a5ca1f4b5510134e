import { join } from "node:path";
import { networkOf } from "../config/mod.ts";
import { LazyEncoder } from "../encoders/mod.ts";
import { AugmentedPhotos } from "../features/mod.ts";
import type { CaptionSet } from "../training/mod.ts";
import type { CachedFeatures } from "./cached_features.ts";
import type { Experiment } from "./experiment.ts";
import type { PreparedData } from "./prepared_data.ts";

/** A set whose photos are seen anew in every step, and what has to be disposed of afterwards. */
export interface AugmentedSet extends AsyncDisposable {
  /** The set. */
  set: CaptionSet;
}

/**
 * The train captions as `training.augmentPhotos` asks: their photos changed at random and encoded
 * again; the set as it is where it is absent.
 */
export async function augmentedSet(
  { config, engine, say, onProgress }: Experiment,
  set: CaptionSet,
  { prepared, features }: { prepared: PreparedData; features: Pick<CachedFeatures, "oneDnn"> },
): Promise<AugmentedSet> {
  const { training: { augmentPhotos, seed }, encoder: settings } = config;
  if (augmentPhotos === undefined) return { set, async [Symbol.asyncDispose]() {} };
  const images = networkOf(settings);
  const names = await prepared.photos();
  const { photoFolder } = prepared;
  const { fused } = await engine();
  const kernels = () => features.oneDnn;
  const encoder = await LazyEncoder.of(images, { fused, kernels, say, onProgress });
  const pathOf = (digest: string) => join(photoFolder, names.get(digest)!);
  const photos = new AugmentedPhotos(encoder, { images, ...augmentPhotos, seed, pathOf });
  return {
    set: {
      ...set,
      async augmented(digests, path, next) {
        const all = await photos.encode(digests, path, next);
        const size = all.length / digests.length;
        const rows = new Map(digests.map((digest, i) => [digest, i]));
        return {
          featureShape: photos.featureShape,
          gather(asked) {
            const found = new Float32Array(asked.length * size);
            for (const [i, digest] of asked.entries()) {
              const at = rows.get(digest)! * size;
              found.set(all.subarray(at, at + size), i * size);
            }
            return found;
          },
        };
      },
    },
    async [Symbol.asyncDispose]() {
      photos[Symbol.dispose]();
      await encoder.dispose();
    },
  };
}
