import { join } from "node:path";
import { z } from "zod";
import { digestFile, writeFileWhole } from "../storage/mod.ts";

/** The name of the only tensor in a shard. */
export const tensorName = "features";

/** A photo that has no feature, and why. */
export interface RejectRecord {
  /** SHA-256 of the file. */
  digest: string;
  /** Where the file was. */
  photo: string;
  /** What is wrong with it. */
  reason: string;
  /** Its pixels, if they were more than the limit: another limit gives it another chance. */
  pixels?: number;
}

/** What one shard holds; it lies beside the shard, and a shard without one does not count. */
export interface ShardRecord {
  /** SHA-256 of the shard. */
  sha256: string;
  /** Size of the shard. */
  bytes: number;
  /** Digests of photos, in the order of the tensor's rows. */
  photos: string[];
  /** Photos that would be in this shard. */
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

/** Numbers of the shards of which a folder has such a file, ascending. */
export async function shardNumbers(folder: string, file: "record" | "claim"): Promise<number[]> {
  const pattern = file === "record" ? /^shard-(\d{5,})\.json$/ : /^shard-(\d{5,})\.lock$/;
  const numbers: number[] = [];
  try {
    for await (const { name } of Deno.readDir(folder)) {
      const found = pattern.exec(name);
      if (found !== null) numbers.push(Number(found[1]));
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return numbers.sort((a, b) => a - b);
}

/** Reads a shard's record; undefined if there is none, or it is damaged. */
export async function readRecord(folder: string, number: number): Promise<ShardRecord | undefined> {
  try {
    const text = await Deno.readTextFile(shardFiles(folder, number).record);
    return schema.safeParse(JSON.parse(text)).data;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof SyntaxError) return undefined;
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
 * What is wrong with a shard, undefined if nothing is. A shard older than its record was not
 * touched since, so its SHA-256 is computed only where it is not.
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
    // Equal times say nothing: file systems keep them to a few milliseconds.
    if (mtime !== null && recorded !== null && mtime < recorded) return undefined;
    if (await digestFile(shard) !== sha256) return "was altered";
    await touch(record);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "is gone";
    throw error;
  }
}

/** Spares the next one the SHA-256; where that must not be written, it is computed again. */
async function touch(path: string): Promise<void> {
  const now = new Date();
  await Deno.utime(path, now, now).catch(() => {});
}
