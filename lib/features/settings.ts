import { z } from "zod";

/**
 * How features are computed and stored.
 *
 * @internal
 */
export const featureSettings = z.strictObject({
  precision: z.enum(["float32", "float16"]).default("float32").describe(
    "numbers on disk; float16 takes half the space and keeps 3 digits",
  ),
  shardSize: z.int().min(1).max(1_000_000).default(512).describe(
    "photos per file of the cache; a killed run loses at most one file's work",
  ),
  batchSize: z.int().min(1).max(4096).default(32).describe("photos encoded at once"),
});

/** How features are computed and stored. */
export type FeatureSettings = z.infer<typeof featureSettings>;
