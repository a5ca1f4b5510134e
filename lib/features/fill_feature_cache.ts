import type { Encoder } from "../encoders/mod.ts";
import type { ImageSettings } from "../images/mod.ts";
import { lockFolder, removeLeftovers } from "../storage/mod.ts";
import {
  cachedDigests,
  type FeatureCache,
  openFeatureCache,
  rejectedDigests,
} from "./feature_cache.ts";
import { inOrder } from "./in_order.ts";
import { readManifest, type RejectRecord, type ShardRecord, writeManifest } from "./manifest.ts";
import { PhotoDecoder } from "./photo_decoder.ts";
import type { PhotoSource } from "./read_photo.ts";
import { ShardWriter } from "./shard_writer.ts";

/** How a cache is filled. */
export interface FillOptions {
  /** How photos are brought to the encoder's size. */
  images: ImageSettings;
  /** Photos encoded at once. */
  batchSize: number;
  /** Photos read and photos to be read in this call. */
  onProgress?: (done: number, total: number) => void;
  /** Told of what is done again. */
  say?: (line: string) => void;
  /** Ends the filling; shards written so far stay. */
  signal?: AbortSignal;
}

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
interface ShardPlan {
  file: string;
  photos: PhotoSource[];
}

/**
 * Brings the features of photos into a cache: those that are missing are decoded and encoded, one
 * shard after the other; photos are decoded while others are encoded.
 *
 * A shard and then the manifest are written whole, so that a killed run loses at most one shard.
 * Which photos make up a shard, and which a batch, follows from the order of the photos alone: a run
 * that goes on writes the bytes that an undisturbed one would have. Unreadable photos are kept in
 * the manifest and not tried again.
 *
 * @throws {Error} if another process fills the same cache, or a photo is gone or was changed
 * @throws {RangeError} if the encoder's features are not those of the cache
 */
export async function fillFeatureCache(
  cache: FeatureCache,
  photos: readonly PhotoSource[],
  encoder: Encoder,
  options: FillOptions,
): Promise<FillResult> {
  const { featureShape } = cache.options;
  if (String(encoder.featureShape) !== String(featureShape)) {
    throw new RangeError(
      `The encoder's features are [${encoder.featureShape}], the cache's [${featureShape}]`,
    );
  }
  options.signal?.throwIfAborted();
  const distinct = new Map(photos.map((photo) => [photo.digest, photo]));
  let encoded = 0;
  if (isMissing(cache, distinct, options)) {
    using _lock = await lockFolder(cache.folder, options);
    await removeLeftovers(cache.folder);
    await refresh(cache);
    encoded = await fill(cache, planShards(cache, distinct, options), encoder, options);
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
  options: FillOptions,
): boolean {
  return cache.damaged.length > 0 || missing(cache, photos, options).length > 0;
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
  { images }: FillOptions,
): PhotoSource[] {
  const cached = cachedDigests(cache);
  const rejects = rejectedDigests(cache);
  const isRejected = (digest: string) => {
    const reject = rejects.get(digest);
    return reject !== undefined && !((reject.pixels ?? Infinity) <= images.maxPixels);
  };
  return [...photos.values()].filter(({ digest }) => !cached.has(digest) && !isRejected(digest));
}

function planShards(
  cache: FeatureCache,
  photos: Map<string, PhotoSource>,
  options: FillOptions,
): ShardPlan[] {
  const plans: ShardPlan[] = [];
  const rest = new Map(missing(cache, photos, options).map((photo) => [photo.digest, photo]));
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

async function fill(
  cache: FeatureCache,
  plans: ShardPlan[],
  encoder: Encoder,
  options: FillOptions,
): Promise<number> {
  const { batchSize, images, onProgress, signal } = options;
  if (plans.length === 0) return 0;
  using decoder = new PhotoDecoder({ ...images, imageSize: encoder.imageSize });
  const all = plans.flatMap(({ photos }) => photos);
  // Two batches: one is decoded while the other is encoded.
  const decoded = inOrder(all, 2 * batchSize, (photo) => {
    signal?.throwIfAborted();
    return decoder.read(photo);
  });
  let done = 0;
  const next = async (): Promise<Uint8Array | RejectRecord> => {
    const { value } = await decoded.next();
    signal?.throwIfAborted();
    onProgress?.(++done, all.length);
    return value!;
  };
  onProgress?.(0, all.length);
  let encoded = 0;
  try {
    for (const plan of plans) {
      const shard = await encodeShard(cache, plan, encoder, batchSize, next);
      await record(cache, await shard.write(plan.file));
      encoded += shard.photos.length;
    }
  } finally {
    await decoded.return(undefined);
  }
  return encoded;
}

async function encodeShard(
  cache: FeatureCache,
  { photos }: ShardPlan,
  encoder: Encoder,
  batchSize: number,
  next: () => Promise<Uint8Array | RejectRecord>,
): Promise<ShardWriter> {
  const photoLength = encoder.imageSize ** 2 * 3;
  const pixels = new Uint8Array(Math.min(batchSize, photos.length) * photoLength);
  const shard = new ShardWriter(cache, photos.length);
  let batch: string[] = [];
  for (const [i, { digest }] of photos.entries()) {
    const result = await next();
    if (result instanceof Uint8Array) {
      pixels.set(result, batch.length * photoLength);
      batch.push(digest);
    } else {
      shard.rejected.push(result);
    }
    if (batch.length === batchSize || (i === photos.length - 1 && batch.length > 0)) {
      const used = pixels.subarray(0, batch.length * photoLength);
      shard.add(batch, await encoder.encode(used, batch.length));
      batch = [];
    }
  }
  return shard;
}

async function record(cache: FeatureCache, shard: ShardRecord): Promise<void> {
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
