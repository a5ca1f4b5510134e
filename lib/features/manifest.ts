import { join } from "node:path";
import { z } from "zod";
import { writeFileWhole } from "../storage/mod.ts";

const formatVersion = 1;

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

/** One file of a cache and what it holds. */
export interface ShardRecord {
  /** Name within the cache's folder. */
  file: string;
  /** Of the file. */
  sha256: string;
  /** Size of the file. */
  bytes: number;
  /** Digests of photos, in the order of the tensor's rows. */
  photos: string[];
  /** Photos that would be in this shard. */
  rejected: RejectRecord[];
}

/** What a cache's folder holds. */
export interface Manifest {
  /** Of this file and of the shards. */
  formatVersion: number;
  /** From `Encoder.key`. */
  key: string;
  /** Shape of one photo's feature. */
  featureShape: number[];
  /** Numbers on disk. */
  precision: "float32" | "float16";
  /** In the order of their names. */
  shards: ShardRecord[];
}

const reject: z.ZodType<RejectRecord> = z.object({
  digest: z.string(),
  photo: z.string(),
  reason: z.string(),
  pixels: z.number().optional(),
});

const shard: z.ZodType<ShardRecord> = z.object({
  file: z.string().regex(/^shard-\d+\.safetensors$/),
  sha256: z.string(),
  bytes: z.int(),
  photos: z.array(z.string()),
  rejected: z.array(reject),
});

const manifest: z.ZodType<Manifest> = z.object({
  formatVersion: z.literal(formatVersion),
  key: z.string(),
  featureShape: z.array(z.int()),
  precision: z.enum(["float32", "float16"]),
  shards: z.array(shard),
});

/** The name of the only tensor in a shard. */
export const tensorName = "features";

/** A manifest without shards. */
export function emptyManifest(identity: Omit<Manifest, "formatVersion" | "shards">): Manifest {
  const { key, featureShape, precision } = identity;
  return { formatVersion, key, featureShape: [...featureShape], precision, shards: [] };
}

/**
 * Reads the manifest of a cache.
 *
 * @returns undefined if there is none
 * @throws {SyntaxError} if it is damaged
 * @throws {RangeError} if another version wrote it
 */
export async function readManifest(folder: string): Promise<Manifest | undefined> {
  const path = join(folder, "manifest.json");
  let text: string;
  try {
    text = await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new SyntaxError(`${path} is no JSON`);
  }
  const version = (json as { formatVersion?: unknown } | null)?.formatVersion;
  if (typeof version === "number" && version !== formatVersion) {
    throw new RangeError(
      `${path} has format version ${version}, this program writes ${formatVersion}: ` +
        `delete ${folder} to have it made again`,
    );
  }
  const read = manifest.safeParse(json);
  if (!read.success) throw new SyntaxError(`${path} is no manifest of a feature cache`);
  return read.data;
}

/** Writes the manifest whole. */
export async function writeManifest(folder: string, manifest: Manifest): Promise<void> {
  await writeFileWhole(join(folder, "manifest.json"), JSON.stringify(manifest) + "\n");
}
