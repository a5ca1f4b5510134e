import { z } from "zod";

/** How captions are decoded. */
export interface DecodingSettings {
  /** Captions kept at every word, 1 to 100; 1 is greedy. @default {3} */
  beam: number;
  /** Most words of a caption. @default {20} */
  maxLength: number;
  /**
   * Captions are compared by log probability / length to this power; 0: by log probability.
   *
   * @default {0.7}
   */
  lengthNormalisation: number;
  /** Whether padding, start and unknown are never a caption's word. @default {true} */
  forbidMarkers: boolean;
  /** Photos captioned at once. @default {500} */
  batchSize: number;
}

/** Decoding settings as they are written: what is left out gets its default. */
export type DecodingSettingsInput = Partial<DecodingSettings>;

/**
 * Schema of {@linkcode DecodingSettings}: the `decoding` part of a config.
 *
 * @internal
 */
export const decodingSettings: z.ZodType<DecodingSettings, DecodingSettingsInput> = z.strictObject({
  beam: z.int().min(1).max(100).default(3).describe("captions kept at every word; 1 is greedy"),
  maxLength: z.int().min(1).max(1000).default(20).describe("most words of a caption"),
  lengthNormalisation: z.number().min(0).default(0.7).describe(
    "captions are compared by log probability / length to this power; 0: by log probability",
  ),
  forbidMarkers: z.boolean().default(true).describe(
    "padding, start and unknown are never a caption's word; false: they may be, as in the Keras " +
      "notebooks, where padding also ends a caption",
  ),
  batchSize: z.int().min(1).max(100_000).default(500).describe("photos captioned at once"),
});
