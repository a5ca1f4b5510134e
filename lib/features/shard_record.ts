import { join } from "node:path";
import { z } from "zod";
import { digestFile, isNotFound, unlessNotFound, writeFileWhole } from "../storage/mod.ts";

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
  sha256: string;
  /** Size of the shard. */
  bytes: number;
  /** Digests of photos, in the order of the tensor's rows. */
  photos: string[];
  /** Photos of this shard that were rejected. */
  rejected: RejectRecord[];
}

const reject: z.ZodType<RejectRecord> = z.object({
  digest: z.string(),
  photo: z.string(),
  reason: z.string(),
  pixels: z.number().optional(),
});

const schema: z.ZodType<ShardRecord> = z.object({
  sha256: z.string(),
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

/** Reads a shard's record; undefined if there is none, or it is damaged. */
export async function readRecord(folder: string, number: number): Promise<ShardRecord | undefined> {
  try {
    const text = await Deno.readTextFile(shardFiles(folder, number).record);
    return schema.safeParse(JSON.parse(text)).data;
  } catch (error) {
    if (isNotFound(error) || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Writes a shard's record whole; from then on the shard counts. */
export async function writeRecord(
  folder: string,
  number: number,
  record: ShardRecord,
): Promise<void> {
  await writeFileWhole(shardFiles(folder, number).record, JSON.stringify(record) + "\n");
}

/**
 * Describes the damage of a shard; undefined if it is intact. A shard older than its record was not
 * changed since, so only for others the SHA-256 is computed.
 */
export async function findDamage(
  folder: string,
  number: number,
  { bytes, sha256 }: ShardRecord,
): Promise<string | undefined> {
  const { shard, record } = shardFiles(folder, number);
  try {
    const { size, mtime } = await Deno.stat(shard);
    if (size !== bytes) return `has ${size} bytes instead of ${bytes}`;
    const recorded = (await Deno.stat(record)).mtime;
    // Equal times prove nothing: file systems round them to a few milliseconds.
    if (mtime !== null && recorded !== null && mtime < recorded) return undefined;
    if (await digestFile(shard) !== sha256) return "was altered";
    await touch(record);
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
