import { join } from "node:path";
import { z } from "zod";
import { isNotFound, readRecord, unlessNotFound, writeRecord } from "../storage/mod.ts";
import type { CheckedShards } from "./checked_shards.ts";

/** Of a shard's record; 1 had no checksum. */
const FORMAT = 2;

/** The name of the only tensor in a shard. */
export const TENSOR_NAME = "features";

/** A photo that has no feature, and why. */
export interface RejectRecord {
  /** SHA-256 of the file. */
  digest: string;
  /** Where the file was. */
  photo: string;
  /** Why it was rejected. */
  reason: string;
  /** Its pixels, if above the limit: with a higher limit it is tried again. */
  pixels?: number;
}

/** Contents of one shard, in a file beside it; a shard without a record does not count. */
export interface ShardRecord {
  /** SHA-256 of the shard. */
  digest: string;
  /** Size of the shard. */
  bytes: number;
  /** Digests of photos, in the order of the tensor's rows. */
  photos: string[];
  /** Photos of this shard that were rejected. */
  rejected: RejectRecord[];
}

const reject: z.ZodType<RejectRecord> = z.strictObject({
  digest: z.string(),
  photo: z.string(),
  reason: z.string(),
  pixels: z.number().optional(),
});

const schema: z.ZodType<ShardRecord> = z.strictObject({
  digest: z.string(),
  bytes: z.int(),
  photos: z.array(z.string()),
  rejected: z.array(reject),
});

/** Names of the files of one shard: itself, its record, and the claim of who is filling it. */
export function shardFiles(folder: string, number: number) {
  const name = join(folder, `shard-${String(number).padStart(5, "0")}`);
  return { shard: `${name}.safetensors`, record: `${name}.json`, claim: `${name}.lock` };
}

/** Numbers of the shards that have such a file in a folder, ascending. */
export async function shardNumbers(folder: string, file: "record" | "claim"): Promise<number[]> {
  const pattern = file === "record" ? /^shard-(\d{5,})\.json$/ : /^shard-(\d{5,})\.lock$/;
  const numbers: number[] = [];
  try {
    for await (const { name } of Deno.readDir(folder)) {
      const found = pattern.exec(name);
      if (found !== null) numbers.push(Number(found[1]));
    }
  } catch (error) {
    unlessNotFound(error);
  }
  return numbers.sort((a, b) => a - b);
}

/**
 * Reads a shard's record.
 *
 * @param remedy what happens, or what to do, where it is damaged, as the end of a sentence
 * @returns undefined if there is none
 * @throws {DamagedFileError} if it is not as it was written
 * @throws {OtherVersionError} if another version wrote it
 */
export async function readShardRecord(
  folder: string,
  number: number,
  remedy: string,
): Promise<ShardRecord | undefined> {
  const file = { format: FORMAT, schema, remedy };
  return await readRecord(shardFiles(folder, number).record, file);
}

/** Writes a shard's record whole; from then on the shard counts. */
export async function writeShardRecord(
  folder: string,
  number: number,
  record: ShardRecord,
): Promise<void> {
  await writeRecord(shardFiles(folder, number).record, FORMAT, record);
}

/**
 * Describes the damage of a shard; undefined if it is intact.
 *
 * @param byTime takes a shard that is older than its record for unchanged, without its SHA-256; a
 * failing disk may have altered it nevertheless
 */
export async function findDamage(
  folder: string,
  number: number,
  { bytes, digest }: ShardRecord,
  checked: CheckedShards,
  byTime: boolean,
): Promise<string | undefined> {
  const { shard, record } = shardFiles(folder, number);
  try {
    const { size, mtime, isFile } = await Deno.stat(shard);
    if (!isFile) return "is a folder";
    if (size !== bytes) return `has ${size} bytes instead of ${bytes}`;
    const recorded = (await Deno.stat(record)).mtime;
    // Equal times prove nothing: file systems round them to a few milliseconds.
    const isOlder = mtime !== null && recorded !== null && mtime < recorded;
    if (isOlder && byTime) return undefined;
    if (!await checked.isIntact(shard, digest)) return "was altered";
    if (!isOlder) await touch(record);
  } catch (error) {
    if (isNotFound(error)) return "is gone";
    throw error;
  }
}

/** Saves the SHA-256 next time; if the file is not writable, it is computed again. */
async function touch(path: string): Promise<void> {
  const now = new Date();
  await Deno.utime(path, now, now).catch(() => {});
}
