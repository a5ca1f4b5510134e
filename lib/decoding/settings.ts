import { z } from "zod";

/**
 * The `decoding` part of a config.
 *
 * @internal
 */
export const decodingSettings = z.strictObject({
  beam: z.int().min(1).max(100).default(3).describe("captions kept at every word; 1 is greedy"),
  maxLength: z.int().min(1).default(20).describe("most words of a caption"),
  lengthNormalisation: z.number().min(0).default(0.7).describe(
    "captions are compared by log probability / length to this power; 0: by log probability",
  ),
  forbidMarkers: z.boolean().default(true).describe(
    "padding, start and unknown are never a caption's word; false: they may be, as in the Keras " +
      "notebooks, where padding also ends a caption",
  ),
  batchSize: z.int().min(1).default(500).describe("photos captioned at once"),
});

/** The `decoding` part of a config. */
export type DecodingSettings = z.infer<typeof decodingSettings>;
