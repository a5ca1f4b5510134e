import type { FeatureCache } from "./feature_cache.ts";
import { fillMissing, type FillResult, recordShard } from "./fill_missing.ts";
import type { RejectRecord } from "./manifest.ts";
import type { PhotoSource } from "./read_photo.ts";
import { ShardWriter } from "./shard_writer.ts";
import type { Listener } from "../listener/mod.ts";

/** How features that are there already come into a cache. */
export interface CopyOptions extends Listener {
}

/** Features of photos, one after the other in their order, or why one has none. */
export type FeatureStream = (
  photos: readonly PhotoSource[],
) => AsyncIterable<Float32Array | RejectRecord>;

/**
 * Brings features that were made elsewhere into a cache, shard by shard as `fillFeatureCache` does:
 * a killed run loses at most one shard, and memory does not grow with their number.
 *
 * @param photos in the order in which their features are read fastest
 * @throws {Error} if another process fills the same cache
 * @throws {RangeError} if a feature has another length than the cache's, or a number is not finite
 */
export async function copyFeatures(
  cache: FeatureCache,
  photos: readonly PhotoSource[],
  features: FeatureStream,
  options: CopyOptions = {},
): Promise<FillResult> {
  const { onProgress, signal } = options;
  return await fillMissing(cache, photos, options, undefined, async (plans) => {
    const all = plans.flatMap(({ photos }) => photos);
    const stream = features(all)[Symbol.asyncIterator]();
    let done = 0;
    let copied = 0;
    onProgress?.("Features", 0, all.length);
    try {
      for (const { file, photos } of plans) {
        const shard = new ShardWriter(cache, photos.length);
        for (const { digest } of photos) {
          signal?.throwIfAborted();
          const { value, done: ended } = await stream.next();
          if (ended) throw new RangeError(`${done} features came for ${all.length} photos`);
          if (value instanceof Float32Array) shard.add([digest], value);
          else shard.rejected.push(value);
          onProgress?.("Features", ++done, all.length);
        }
        await recordShard(cache, await shard.write(file));
        copied += shard.photos.length;
      }
    } finally {
      await stream.return?.();
    }
    return copied;
  });
}
