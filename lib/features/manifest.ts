import { join } from "node:path";
import { z } from "zod";
import { writeFileWhole } from "../storage/mod.ts";

/** Of a cache's folder; 1 had all shards' records in the manifest. */
const formatVersion = 2;

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
    throw new SyntaxError(`${path} is not valid JSON`);
  }
  const version = (json as { formatVersion?: unknown } | null)?.formatVersion;
  if (typeof version === "number" && version !== formatVersion) {
    throw new RangeError(
      `${path} has format version ${version}, this program writes ${formatVersion}: ` +
        `delete the folder ${folder}, and its features are computed again`,
    );
  }
  const read = schema.safeParse(json);
  if (version !== formatVersion || !read.success) {
    throw new SyntaxError(`${path} is not a valid manifest of a feature cache`);
  }
  return read.data;
}

/** Writes the manifest whole. */
export async function writeManifest(folder: string, manifest: Manifest): Promise<void> {
  const { key, featureShape, precision } = manifest;
  const json = JSON.stringify({ formatVersion, key, featureShape, precision });
  await writeFileWhole(join(folder, "manifest.json"), json + "\n");
}
