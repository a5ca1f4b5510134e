import type { Listener } from "../progress/mod.ts";
import { lockFolder, removeFile, removeLeftovers } from "../storage/mod.ts";
import {
  beginCache,
  cachedDigests,
  checkShards,
  type FeatureCache,
  refreshCache,
  rejectedPhotos,
} from "./feature_cache.ts";
import type { FeatureSource } from "./feature_source.ts";
import type { PhotoSource } from "./read_photo.ts";
import { heldClaims, PATIENCE } from "./shard_claims.ts";
import { ShardQueue } from "./shard_queue.ts";
import { shardFiles } from "./shard_record.ts";
import { ShardWriter } from "./shard_writer.ts";

/** Result of filling a cache. */
export interface FillResult {
  /** Photos encoded now, by this process. */
  encoded: number;
  /** Photos encoded earlier or by another process. */
  cached: number;
  /** Requested photos that cannot be used, found now or earlier. */
  rejected: { photo: string; reason: string }[];
}

/**
 * Adds the photos' missing features to a cache, shard by shard. Those that are there are checked
 * first: a shard that is not as it was written is filled again.
 *
 * A shard and then its record are written whole, so that a killed run loses at most one shard, and
 * memory does not grow with the number of photos. Which photos make up a shard follows from their
 * order alone: a run that resumes writes the bytes that an undisturbed one would have. Several
 * processes may fill one cache at the same time. Unusable photos are recorded and not tried again.
 *
 * @throws {Error} if the cache is being deleted, or the source fails
 * @throws {RangeError} if the source's features are not those of the cache
 */
export async function fillCache(
  cache: FeatureCache,
  photos: readonly PhotoSource[],
  source: FeatureSource,
  listener: Listener = {},
): Promise<FillResult> {
  listener.signal?.throwIfAborted();
  const { featureShape } = cache.options;
  if (String(source.featureShape) !== String(featureShape)) {
    throw new RangeError(
      `The features to store are [${source.featureShape}], the cache's [${featureShape}]`,
    );
  }
  const distinct = new Map(photos.map((photo) => [photo.digest, photo]));
  await checkShards(cache, distinct, listener.signal);
  const missing = missingPhotos(cache, distinct, source.maxPixels);
  let encoded = 0;
  if (missing.length > 0 || cache.damaged.size > 0) {
    await removeLeftovers(cache.folder);
    encoded = await fillShards(cache, missing, source, listener);
    await dropDamaged(cache);
  }
  const available = cachedDigests(cache);
  const rejects = rejectedPhotos(cache.shards.values(), available);
  const rejected = photos.flatMap(({ digest, path }) => {
    const reason = rejects.get(digest)?.reason;
    return reason === undefined ? [] : [{ photo: path, reason }];
  });
  const there = distinct.keys().filter((digest) => available.has(digest)).toArray().length;
  return { encoded, cached: there - encoded, rejected };
}

/** Photos that are neither cached nor rejected, in order. */
function missingPhotos(
  cache: FeatureCache,
  photos: ReadonlyMap<string, PhotoSource>,
  maxPixels = 0,
): PhotoSource[] {
  const cached = cachedDigests(cache);
  const rejects = rejectedPhotos(cache.shards.values(), cached);
  const isRejected = (digest: string) => {
    const reject = rejects.get(digest);
    return reject !== undefined && (reject.pixels ?? Infinity) > maxPixels;
  };
  return photos.values().filter(({ digest }) => !cached.has(digest) && !isRejected(digest))
    .toArray();
}

async function fillShards(
  cache: FeatureCache,
  missing: readonly PhotoSource[],
  source: FeatureSource,
  listener: Listener,
): Promise<number> {
  const { onProgress, signal } = listener;
  await using queue = new ShardQueue(cache, missing, listener);
  const asked: { number: number; photos: PhotoSource[] }[] = [];
  const shards = async function* () {
    for (let shard; (shard = await queue.next()) !== undefined;) {
      asked.push(shard);
      yield shard.photos;
    }
  };
  const features = source.features(shards())[Symbol.asyncIterator]();
  let done = 0, encoded = 0;
  if (missing.length > 0) onProgress?.("Features", 0, missing.length);
  try {
    for (let next = await features.next(); !next.done; next = await features.next()) {
      const shard = asked.shift()!;
      const writer = new ShardWriter(cache, shard.photos.length);
      for (const [i, { digest }] of shard.photos.entries()) {
        if (i > 0) next = await features.next();
        signal?.throwIfAborted();
        if (next.done) throw tooFew(done + i, done + queue.left);
        if (next.value instanceof Float32Array) writer.add(digest, next.value);
        else writer.reject(next.value);
        onProgress?.("Features", done + i + 1, done + queue.left);
      }
      await begin(cache);
      const record = await writer.write(shard.number);
      cache.shards.set(shard.number, record);
      cache.damaged.delete(shard.number);
      queue.release(shard);
      done += shard.photos.length;
      encoded += record.photos.length;
    }
    if (queue.left > 0) throw tooFew(done, done + queue.left);
  } finally {
    await features.return?.();
  }
  return encoded;
}

function tooFew(features: number, photos: number): RangeError {
  return new RangeError(`The source returned ${features} features for ${photos} photos`);
}

async function begin(cache: FeatureCache): Promise<void> {
  if (cache.begun) return;
  using _lock = await lockFolder(cache.folder, { patience: PATIENCE });
  await beginCache(cache);
}

/** Removes damaged shards without a requested photo, which cannot be filled again. */
async function dropDamaged(cache: FeatureCache): Promise<void> {
  const { folder, damaged } = cache;
  if (damaged.size === 0) return;
  using _lock = await lockFolder(folder, { patience: PATIENCE });
  const claims = await heldClaims(folder);
  await refreshCache(cache);
  for (const number of damaged.keys()) {
    if (claims.has(number)) continue;
    const { shard, record } = shardFiles(folder, number);
    await removeFile(record);
    await removeFile(shard);
    damaged.delete(number);
  }
}
