import type { ImageSettings } from "../images/mod.ts";
import { lockFolder, removeLeftovers } from "../storage/mod.ts";
import {
  cachedDigests,
  type FeatureCache,
  openFeatureCache,
  rejectedDigests,
} from "./feature_cache.ts";
import { readManifest, type ShardRecord, writeManifest } from "./manifest.ts";
import type { PhotoSource } from "./read_photo.ts";
import type { Listener } from "../listener/mod.ts";

/** What a filling did. */
export interface FillResult {
  /** Photos encoded now. */
  encoded: number;
  /** Photos that had their feature already. */
  cached: number;
  /** Photos among those asked for that cannot be used, now or since earlier. */
  rejected: { photo: string; reason: string }[];
}

/** Photos that make up one file, and the file if it was there before. */
export interface ShardPlan {
  file: string;
  photos: PhotoSource[];
}

/**
 * Fills a cache with the photos that it lacks, whatever their features come from.
 *
 * @param images gives photos another chance that were rejected for more pixels than it allows
 * @param fill writes and records the shards of the plans, and says of how many photos
 * @throws {Error} if another process fills the same cache
 */
export async function fillMissing(
  cache: FeatureCache,
  photos: readonly PhotoSource[],
  options: Listener,
  images: ImageSettings | undefined,
  fill: (plans: ShardPlan[]) => Promise<number>,
): Promise<FillResult> {
  options.signal?.throwIfAborted();
  const distinct = new Map(photos.map((photo) => [photo.digest, photo]));
  let encoded = 0;
  if (isMissing(cache, distinct, images)) {
    using _lock = await lockFolder(cache.folder, options);
    await removeLeftovers(cache.folder);
    await refresh(cache);
    encoded = await fill(planShards(cache, distinct, images));
    await forgetDamaged(cache);
  }
  const rejects = rejectedDigests(cache);
  const rejected = photos.flatMap(({ digest, path }) => {
    const reason = rejects.get(digest)?.reason;
    return reason === undefined ? [] : [{ photo: path, reason }];
  });
  const available = cachedDigests(cache);
  const there = [...distinct.keys()].filter((digest) => available.has(digest)).length;
  return { encoded, cached: there - encoded, rejected };
}

function isMissing(
  cache: FeatureCache,
  photos: Map<string, PhotoSource>,
  images: ImageSettings | undefined,
): boolean {
  return cache.damaged.length > 0 || missing(cache, photos, images).length > 0;
}

/** Takes over what another process wrote since the cache was opened. */
async function refresh(cache: FeatureCache): Promise<void> {
  const known = cache.manifest.shards.length + cache.damaged.length;
  const written = await readManifest(cache.folder).catch(() => undefined);
  if (written === undefined || written.shards.length <= known) return;
  Object.assign(cache, await openFeatureCache(cache.folder, cache.options));
}

/** Photos that are neither there nor rejected, in order. */
function missing(
  cache: FeatureCache,
  photos: Map<string, PhotoSource>,
  images: ImageSettings | undefined,
): PhotoSource[] {
  const cached = cachedDigests(cache);
  const rejects = rejectedDigests(cache);
  const isRejected = (digest: string) => {
    const reject = rejects.get(digest);
    return reject !== undefined && !((reject.pixels ?? Infinity) <= (images?.maxPixels ?? 0));
  };
  return [...photos.values()].filter(({ digest }) => !cached.has(digest) && !isRejected(digest));
}

function planShards(
  cache: FeatureCache,
  photos: Map<string, PhotoSource>,
  images: ImageSettings | undefined,
): ShardPlan[] {
  const plans: ShardPlan[] = [];
  const rest = new Map(missing(cache, photos, images).map((photo) => [photo.digest, photo]));
  for (const { file, photos, rejected } of cache.damaged) {
    const digests = [...photos, ...rejected.map(({ digest }) => digest)];
    const found = digests.flatMap((digest) => rest.get(digest) ?? []);
    for (const { digest } of found) rest.delete(digest);
    if (found.length > 0) plans.push({ file, photos: found });
  }
  const files = [...cache.manifest.shards, ...cache.damaged].map(({ file }) => file);
  let number = 1 + Math.max(-1, ...files.map((file) => parseInt(file.slice("shard-".length))));
  const list = [...rest.values()];
  for (let at = 0; at < list.length; at += cache.options.shardSize) {
    const file = `shard-${String(number++).padStart(5, "0")}.safetensors`;
    plans.push({ file, photos: list.slice(at, at + cache.options.shardSize) });
  }
  return plans;
}

/** Writes down a shard that has been written. */
export async function recordShard(cache: FeatureCache, shard: ShardRecord): Promise<void> {
  const retried = new Set([...shard.photos, ...shard.rejected.map(({ digest }) => digest)]);
  const others = cache.manifest.shards.map((other) => ({
    ...other,
    rejected: other.rejected.filter(({ digest }) => !retried.has(digest)),
  }));
  cache.manifest = { ...cache.manifest, shards: [...others, shard].sort(byFile) };
  cache.damaged = cache.damaged.filter(({ file }) => file !== shard.file);
  // Damaged shards stay written down: if this run is killed, the next one knows what they held.
  const shards = [...cache.manifest.shards, ...cache.damaged].sort(byFile);
  await writeManifest(cache.folder, { ...cache.manifest, shards });
}

/** Damaged shards of which no photo was asked for cannot be made again. */
async function forgetDamaged(cache: FeatureCache): Promise<void> {
  if (cache.damaged.length === 0) return;
  cache.damaged = [];
  await writeManifest(cache.folder, cache.manifest);
}

function byFile(a: ShardRecord, b: ShardRecord): number {
  return a.file < b.file ? -1 : 1;
}
