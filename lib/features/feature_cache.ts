import type { Listener } from "../listener/mod.ts";
import { unlessNotFound } from "../storage/mod.ts";
import { type Manifest, readManifest, writeManifest } from "./manifest.ts";
import {
  findDamage,
  readRecord,
  type RejectRecord,
  shardFiles,
  shardNumbers,
  type ShardRecord,
} from "./shard_record.ts";

/** What a cache holds and how it is cut into files. */
export interface FeatureCacheOptions extends Manifest, Pick<Listener, "say"> {
  /** Photos per file. */
  shardSize: number;
}

/** A folder of features, its shards checked; `fillCache` adds to it. */
export interface FeatureCache {
  /** Where it lies. */
  readonly folder: string;
  /** As it was opened. */
  readonly options: FeatureCacheOptions;
  /** Whether the folder has a manifest, and so records that count. */
  begun: boolean;
  /** What is there, by number; shards that are damaged are not among it. */
  readonly shards: Map<number, ShardRecord>;
  /** Shards that are gone or damaged and wait to be made again, in order. */
  readonly damaged: Map<number, ShardRecord>;
}

/**
 * Opens a cache of features, or a new one. Every shard is checked for presence and size, and for
 * its SHA-256 unless it is older than its record; one that fails is named to `say` and is made
 * again by the next filling.
 *
 * @throws {RangeError} if the folder holds features of another key, shape, precision or version
 */
export async function openFeatureCache(
  folder: string,
  options: FeatureCacheOptions,
): Promise<FeatureCache> {
  const shards = new Map<number, ShardRecord>(), damaged = new Map<number, ShardRecord>();
  const cache: FeatureCache = { folder, options, begun: false, shards, damaged };
  try {
    cache.begun = await hasManifest(cache);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    options.say?.(`${error.message}: the cache is filled from scratch`);
  }
  await refreshCache(cache);
  return cache;
}

/**
 * Takes over what was written since the cache was opened, by this process or another.
 *
 * @returns the shards that are new
 */
export async function refreshCache(cache: FeatureCache): Promise<ShardRecord[]> {
  cache.begun ||= await hasManifest(cache).catch(unlessDamaged);
  if (!cache.begun) return [];
  const { folder, options: { say }, shards, damaged } = cache;
  const found: ShardRecord[] = [];
  for (const number of await shardNumbers(folder, "record")) {
    if (shards.has(number)) continue;
    const { shard, record: path } = shardFiles(folder, number);
    const record = await readRecord(folder, number);
    if (record === undefined) {
      say?.(`${path} is damaged: its photos are encoded again`);
      await Deno.remove(path).catch(unlessNotFound);
      continue;
    }
    const damage = await findDamage(folder, number, record);
    if (damage === undefined) {
      shards.set(number, record);
      damaged.delete(number);
      found.push(record);
    } else if (!damaged.has(number)) {
      say?.(`${shard} ${damage}: its ${record.photos.length} photos are encoded again`);
      damaged.set(number, record);
    }
  }
  return found;
}

/** Makes the folder one whose shards count; call it under the folder's lock. */
export async function beginCache(cache: FeatureCache): Promise<void> {
  cache.begun ||= await hasManifest(cache).catch(unlessDamaged);
  if (cache.begun) return;
  const { folder, options } = cache;
  for (const number of await shardNumbers(folder, "record")) { // of a manifest that is lost
    await Deno.remove(shardFiles(folder, number).record);
  }
  await writeManifest(folder, options);
  cache.begun = true;
}

/** Digests of the photos that have features. */
export function cachedDigests({ shards }: Pick<FeatureCache, "shards">): Set<string> {
  return new Set(shards.values().flatMap(({ photos }) => photos));
}

/** Photos that were rejected and have no feature from elsewhere, by digest. */
export function rejectedPhotos(
  shards: Iterable<ShardRecord>,
  cached: { has(digest: string): boolean },
): Map<string, RejectRecord> {
  const rejects = new Map<string, RejectRecord>();
  for (const { rejected } of shards) {
    for (const reject of rejected) {
      // Under another limit of pixels one may have turned out to be unreadable: that is final.
      const isFinal = rejects.has(reject.digest) &&
        rejects.get(reject.digest)!.pixels === undefined;
      if (!isFinal && !cached.has(reject.digest)) rejects.set(reject.digest, reject);
    }
  }
  return rejects;
}

/**
 * Whether the folder has a manifest.
 *
 * @throws {SyntaxError} if it is damaged
 * @throws {RangeError} if it is that of other features
 */
async function hasManifest({ folder, options }: FeatureCache): Promise<boolean> {
  const manifest = await readManifest(folder);
  if (manifest === undefined) return false;
  const found = JSON.stringify([manifest.key, manifest.featureShape, manifest.precision]);
  const wanted = JSON.stringify([options.key, options.featureShape, options.precision]);
  if (found === wanted) return true;
  throw new RangeError(
    `${folder} holds features of ${found}, not of ${wanted}: delete it, or choose another folder`,
  );
}

function unlessDamaged(error: unknown): false {
  if (error instanceof SyntaxError) return false;
  throw error;
}
