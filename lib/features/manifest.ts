import { join } from "node:path";
import { z } from "zod";
import { readTextIfAny, writeFileWhole } from "../storage/mod.ts";

/** Of a cache's folder; in 1, the manifest held the records of all shards. */
const FORMAT_VERSION = 2;

/** What all features of a cache have in common. */
export interface Manifest {
  /** From `Encoder.key`. */
  key: string;
  /** Shape of one photo's feature. */
  featureShape: number[];
  /** Numbers on disk. */
  precision: "float32" | "float16";
}

const schema: z.ZodType<Manifest> = z.object({
  key: z.string(),
  featureShape: z.array(z.int()),
  precision: z.enum(["float32", "float16"]),
});

/**
 * Reads the manifest of a cache.
 *
 * @returns undefined if there is none
 * @throws {SyntaxError} if it is damaged
 * @throws {RangeError} if another version wrote it
 */
export async function readManifest(folder: string): Promise<Manifest | undefined> {
  const path = join(folder, "manifest.json");
  const text = await readTextIfAny(path);
  if (text === undefined) return undefined;
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new SyntaxError(`${path} is not valid JSON`);
  }
  const version = (json as { formatVersion?: unknown } | null)?.formatVersion;
  if (typeof version === "number" && version !== FORMAT_VERSION) {
    throw new RangeError(
      `${path} has format version ${version}, this program writes ${FORMAT_VERSION}: ` +
        `delete the folder ${folder}, and its features are computed again`,
    );
  }
  const read = schema.safeParse(json);
  if (version !== FORMAT_VERSION || !read.success) {
    throw new SyntaxError(`${path} is not a valid manifest of a feature cache`);
  }
  return read.data;
}

/** Writes the manifest whole. */
export async function writeManifest(folder: string, manifest: Manifest): Promise<void> {
  const { key, featureShape, precision } = manifest;
  const json = JSON.stringify({ formatVersion: FORMAT_VERSION, key, featureShape, precision });
  await writeFileWhole(join(folder, "manifest.json"), json + "\n");
}
