import type { Listener } from "../progress/mod.ts";
import { DamagedFileError, OtherVersionError, removeFile } from "../storage/mod.ts";
import { CheckedShards } from "./checked_shards.ts";
import { type Manifest, readManifest, writeManifest } from "./manifest.ts";
import {
  findDamage,
  readShardRecord,
  type RejectRecord,
  shardFiles,
  shardNumbers,
  type ShardRecord,
} from "./shard_record.ts";

/** Reading more bytes than this takes so long that it is announced. */
const WORTH_A_WORD = 4e9;

/** Contents of a cache, and how it is split into files. */
export interface FeatureCacheOptions extends Omit<Manifest, "oneDnn">, Pick<Listener, "say"> {
  /** Photos per file. */
  shardSize: number;
}

/** A folder of features, its shards checked; `fillCache` adds to it. */
export interface FeatureCache {
  /** Path of the folder. */
  readonly folder: string;
  /** As it was opened. */
  readonly options: FeatureCacheOptions;
  /** Whether the folder has a manifest, without which its records do not count. */
  begun: boolean;
  /** As its manifest has it; see {@linkcode recordedOneDnn}. */
  oneDnn?: readonly string[];
  /** Intact shards by number. */
  readonly shards: Map<number, ShardRecord>;
  /** Missing or damaged shards that are to be filled again, in order. */
  readonly damaged: Map<number, ShardRecord>;
  /** What it was read for its SHA-256; give it to `openFeatures`, and that reads nothing twice. */
  readonly checked: CheckedShards;
}

/**
 * Opens a cache of features, or a new one. Every shard is checked for presence and size, and for
 * its SHA-256 unless it is older than its record; one that fails is reported to `say` and
 * filled again by the next `fillCache`, which computes the SHA-256 of all shards that it was asked for.
 *
 * @throws {RangeError} if the folder holds features of another key, shape or precision
 * @throws {OtherVersionError} if another version of the program wrote it
 */
export async function openFeatureCache(
  folder: string,
  options: FeatureCacheOptions,
): Promise<FeatureCache> {
  const shards = new Map<number, ShardRecord>(), damaged = new Map<number, ShardRecord>();
  const checked = new CheckedShards();
  const cache: FeatureCache = { folder, options, begun: false, shards, damaged, checked };
  try {
    cache.begun = await hasManifest(cache);
  } catch (error) {
    if (!(error instanceof DamagedFileError)) throw error;
    options.say?.(error.message);
  }
  await refreshCache(cache);
  return cache;
}

/**
 * Loads the shards written since the cache was opened, by this process or another.
 *
 * @returns the new shards
 */
export async function refreshCache(cache: FeatureCache): Promise<ShardRecord[]> {
  cache.begun ||= await hasManifest(cache).catch(unlessDamaged);
  if (!cache.begun) return [];
  const { folder, shards, damaged, checked } = cache;
  const found: ShardRecord[] = [];
  for (const number of await shardNumbers(folder, "record")) {
    if (shards.has(number)) continue;
    const record = await recordOrDropped(cache, number);
    if (record === undefined) continue;
    const damage = await findDamage(folder, number, record, checked, !damaged.has(number));
    if (damage === undefined) {
      shards.set(number, record);
      damaged.delete(number);
      found.push(record);
    } else if (!damaged.has(number)) {
      addDamaged(cache, number, record, damage);
    }
  }
  return found;
}

/**
 * Computes the SHA-256 of the shards that hold a photo's feature; one that was altered without a
 * trace in its time is reported to `say` and filled again, too.
 *
 * @throws the signal's reason
 */
export async function checkShards(
  cache: FeatureCache,
  photos: { has(digest: string): boolean },
  signal?: AbortSignal,
): Promise<void> {
  const { folder, options: { say }, shards, checked } = cache;
  const wanted = [...shards].filter(([, shard]) => shard.photos.some((photo) => photos.has(photo)));
  const bytes = wanted.reduce((sum, [, shard]) => sum + shard.bytes, 0);
  if (bytes > WORTH_A_WORD) {
    say?.(`Checking ${(bytes / 1e9).toFixed(1)} GB of features in ${folder}`);
  }
  for (const [number, record] of wanted) {
    signal?.throwIfAborted();
    const damage = await findDamage(folder, number, record, checked, false);
    if (damage === undefined) continue;
    shards.delete(number);
    addDamaged(cache, number, record, damage);
  }
}

function addDamaged(
  { folder, options: { say }, damaged }: FeatureCache,
  number: number,
  record: ShardRecord,
  damage: string,
): void {
  const { shard } = shardFiles(folder, number);
  say?.(`${shard} ${damage}: its ${record.photos.length} photos are encoded again`);
  damaged.set(number, record);
}

/** Writes the manifest, after which shards count; call it under the folder's lock. */
export async function beginCache(cache: FeatureCache): Promise<void> {
  cache.begun ||= await hasManifest(cache).catch(unlessDamaged);
  if (cache.begun) return;
  const { folder, options, oneDnn } = cache;
  for (const number of await shardNumbers(folder, "record")) { // left by a lost manifest
    await removeFile(shardFiles(folder, number).record);
  }
  await writeManifest(folder, { ...options, oneDnn });
  cache.begun = true;
}

/** A shard's record; one that is damaged is reported to `say` and removed. */
async function recordOrDropped(
  { folder, options: { say } }: FeatureCache,
  number: number,
): Promise<ShardRecord | undefined> {
  try {
    return await readShardRecord(folder, number, "its photos are encoded again");
  } catch (error) {
    if (!(error instanceof DamagedFileError || error instanceof OtherVersionError)) throw error;
    say?.(error.message);
    await removeFile(shardFiles(folder, number).record);
  }
}

/** Digests of the photos that have features. */
export function cachedDigests({ shards }: Pick<FeatureCache, "shards">): Set<string> {
  return new Set(shards.values().flatMap(({ photos }) => photos));
}

/** Rejected photos without a feature in another shard, by digest. */
export function rejectedPhotos(
  shards: Iterable<ShardRecord>,
  cached: { has(digest: string): boolean },
): Map<string, RejectRecord> {
  const rejects = new Map<string, RejectRecord>();
  for (const { rejected } of shards) {
    for (const reject of rejected) {
      // With another limit of pixels, a photo may have proved unreadable: that is final.
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
 * @throws {DamagedFileError} if it is damaged
 * @throws {OtherVersionError} if another version wrote it
 * @throws {RangeError} if it belongs to other features
 */
async function hasManifest(cache: FeatureCache): Promise<boolean> {
  const { folder, options } = cache;
  const manifest = await readManifest(folder, "the cache is filled from scratch");
  if (manifest === undefined) return false;
  const found = JSON.stringify([manifest.key, manifest.featureShape, manifest.precision]);
  const wanted = JSON.stringify([options.key, options.featureShape, options.precision]);
  if (found === wanted) {
    cache.oneDnn = manifest.oneDnn;
    return true;
  }
  throw new RangeError(
    `${folder} holds features of ${found}, not of ${wanted}: delete it, or choose another folder`,
  );
}

function unlessDamaged(error: unknown): false {
  if (error instanceof DamagedFileError) return false;
  throw error;
}
