import { join } from "node:path";
import { z } from "zod";
import { readRecord, writeRecord } from "../storage/mod.ts";

/** Of a cache's folder; in 1, the manifest held the records of all shards, in 2, no checksum. */
const FORMAT = 3;

/** What all features of a cache have in common. */
export interface Manifest {
  /** From `Encoder.key`. */
  key: string;
  /** Shape of one photo's feature. */
  featureShape: number[];
  /** Numbers on disk. */
  precision: "float32" | "float16";
  /** Numbers in which they were computed, unless these were float32. */
  arithmetic?: "bfloat16";
  /** Names of the convolutions that oneDNN computed, if that was chosen when the cache was begun. */
  oneDnn?: readonly string[];
}

const schema: z.ZodType<Manifest> = z.strictObject({
  key: z.string(),
  featureShape: z.array(z.int()),
  precision: z.enum(["float32", "float16"]),
  arithmetic: z.literal("bfloat16").optional(),
  oneDnn: z.array(z.string()).optional(),
});

/**
 * Reads the manifest of a cache.
 *
 * @param remedy what happens, or what to do, where it is damaged, as the end of a sentence
 * @returns undefined if there is none
 * @throws {DamagedFileError} if it is not as it was written
 * @throws {OtherVersionError} if another version wrote it
 */
export async function readManifest(folder: string, remedy: string): Promise<Manifest | undefined> {
  const otherVersion = `delete the folder ${folder}, and its features are computed again`;
  const file = { format: FORMAT, schema, remedy, otherVersion };
  return await readRecord(join(folder, "manifest.json"), file);
}

/** Writes the manifest whole. */
export async function writeManifest(folder: string, manifest: Manifest): Promise<void> {
  const { key, featureShape, precision, arithmetic, oneDnn } = manifest;
  const kept: Manifest = {
    ...{ key, featureShape, precision },
    ...arithmetic && { arithmetic },
    ...oneDnn && { oneDnn },
  };
  await writeRecord(join(folder, "manifest.json"), FORMAT, kept);
}
