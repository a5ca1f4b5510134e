import { join } from "node:path";
import { digestFile } from "../storage/mod.ts";
import {
  emptyManifest,
  type Manifest,
  readManifest,
  type RejectRecord,
  type ShardRecord,
} from "./manifest.ts";
import type { FeatureSettings } from "./settings.ts";
import type { Listener } from "../listener/mod.ts";

/** What a cache holds and how it is cut into files. */
export interface FeatureCacheOptions extends Pick<Listener, "say"> {
  /** From `Encoder.key`; a folder holds features of one key only. */
  key: string;
  /** Shape of one photo's feature. */
  featureShape: number[];
  /** How numbers are kept. */
  precision: FeatureSettings["precision"];
  /** Photos per file. */
  shardSize: number;
}

/** A folder of features, its shards checked; `fillFeatureCache` adds to it. */
export interface FeatureCache {
  /** Where it lies. */
  readonly folder: string;
  /** As it was opened. */
  readonly options: FeatureCacheOptions;
  /** What is there; shards that are damaged are not among it. */
  manifest: Manifest;
  /** Shards that are gone or damaged and wait to be made again, in order. */
  damaged: ShardRecord[];
}

/**
 * Opens a cache of features, or a new one. Every shard is checked for presence, size and SHA-256;
 * one that fails is named to `say` and will be made again by the next filling.
 *
 * @throws {RangeError} if the folder holds features of another key, shape or precision
 */
export async function openFeatureCache(
  folder: string,
  options: FeatureCacheOptions,
): Promise<FeatureCache> {
  const manifest = await loadManifest(folder, options);
  const damaged: ShardRecord[] = [];
  for (const shard of manifest.shards) {
    const damage = await findDamage(join(folder, shard.file), shard);
    if (damage === undefined) continue;
    options.say?.(
      `${join(folder, shard.file)} ${damage}: its ${shard.photos.length} photos are encoded again`,
    );
    damaged.push(shard);
  }
  manifest.shards = manifest.shards.filter((shard) => !damaged.includes(shard));
  return { folder, options, manifest, damaged };
}

/** Digests of the photos that have features. */
export function cachedDigests({ manifest }: FeatureCache): Set<string> {
  return new Set(manifest.shards.flatMap(({ photos }) => photos));
}

/** Rejected photos by digest. */
export function rejectedDigests({ manifest }: FeatureCache): Map<string, RejectRecord> {
  const rejects = manifest.shards.flatMap(({ rejected }) => rejected);
  return new Map(rejects.map((record) => [record.digest, record]));
}

async function loadManifest(folder: string, options: FeatureCacheOptions): Promise<Manifest> {
  const { key, featureShape, precision, say } = options;
  let manifest: Manifest | undefined;
  try {
    manifest = await readManifest(folder);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    say?.(`${error.message}: the cache is made anew`);
  }
  if (manifest === undefined) return emptyManifest(options);
  const found = JSON.stringify([manifest.key, manifest.featureShape, manifest.precision]);
  const wanted = JSON.stringify([key, featureShape, precision]);
  if (found !== wanted) {
    throw new RangeError(
      `${folder} holds features of ${found}, not of ${wanted}: delete it, or choose another folder`,
    );
  }
  return manifest;
}

async function findDamage(path: string, shard: ShardRecord): Promise<string | undefined> {
  try {
    const { size } = await Deno.stat(path);
    if (size !== shard.bytes) return `has ${size} bytes instead of ${shard.bytes}`;
    return await digestFile(path) === shard.sha256 ? undefined : "was altered";
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "is gone";
    throw error;
  }
}
