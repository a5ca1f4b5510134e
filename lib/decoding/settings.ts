import { z } from "zod";

/** How words are drawn at random, by their probabilities. */
export type SamplingSettings =
  & {
    /** Log probabilities are divided by it: below 1 probable words become more so. @default {1} */
    temperature: number;
    /** What is drawn depends on it and on the photo alone. @default {1} */
    seed: number;
  }
  & (
    /** Of all words. */
    | { kind: "temperature" }
    /** Of the `k` most probable words (Fan et al., 2018). */
    | { kind: "top-k"; k: number }
    /** Of the fewest words whose probabilities are `p` together (Holtzman et al., 2020). */
    | { kind: "nucleus"; p: number }
  );

/** How captions that were found are compared with samples. */
export interface ConsensusSettings {
  /** Captions drawn of each photo, spread evenly over all that may be said. @default {60} */
  samples: number;
  /** Their log probabilities are divided by it. @default {0.7} */
  temperature: number;
  /**
   * What the agreement with the samples, from 0 to 1, counts for beside log probability / length to the
   * power; with 0 none are drawn. @default {3}
   */
  weight: number;
}

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
  /** Fewest words of a caption. @default {0} */
  minLength?: number;
  /** No caption says as many words in a row twice (Paulus et al., 2018). @default {any may repeat} */
  noRepeatNgram?: number;
  /**
   * Groups that the beam is cut into, each of which avoids the words of those before it
   * (Vijayakumar et al., 2018). @default {1}
   */
  diverseGroups?: number;
  /**
   * What a word's log probability loses for each caption of earlier groups that has it at the same
   * position. @default {0.5}
   */
  diversityPenalty?: number;
  /** `beam` captions are drawn at random instead of searched for. @default {none is} */
  sampling?: SamplingSettings;
  /**
   * The captions found are ranked by how much they agree with samples, too: minimum Bayes risk.
   *
   * @default {by their scores alone}
   */
  consensus?: ConsensusSettings;
}

/** Decoding settings as they are written: what is left out gets its default. */
export type DecodingSettingsInput = Partial<
  Omit<DecodingSettings, "sampling" | "consensus"> & {
    consensus: Partial<ConsensusSettings>;
    sampling:
      & Partial<Pick<SamplingSettings, "temperature" | "seed">>
      & ({ kind: "temperature" } | { kind: "top-k"; k?: number } | { kind: "nucleus"; p?: number });
  }
>;

/** `diversityPenalty` where it is not set. */
export const DIVERSITY_PENALTY = 0.5;

const shared = {
  temperature: z.number().positive().max(100).default(1).describe(
    "log probabilities are divided by it: below 1 probable words become more so",
  ),
  seed: z.int().min(0).default(1).describe("what is drawn depends on it and on the photo alone"),
};

const samplingSettings = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("temperature"), ...shared }),
  z.strictObject({
    kind: z.literal("top-k"),
    k: z.int().min(1).default(10).describe("most probable words of which one is drawn"),
    ...shared,
  }),
  z.strictObject({
    kind: z.literal("nucleus"),
    p: z.number().positive().max(1).default(0.9).describe(
      "probability that the fewest words have together of which one is drawn",
    ),
    ...shared,
  }),
]);

const consensusSettings = z.strictObject({
  samples: z.int().min(2).max(1000).default(60).describe("captions drawn of each photo"),
  temperature: shared.temperature.default(0.7),
  weight: z.number().min(0).default(3).describe(
    "what the agreement with the samples, from 0 to 1, counts for beside log probability / length " +
      "to the power; 0: no captions are drawn",
  ),
});

/**
 * Schema of {@linkcode DecodingSettings}: the `decoding` part of a config. Settings that came later
 * are absent where they are not set, so that what was recorded before them stays the same.
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
  minLength: z.int().min(0).max(1000).optional().describe("fewest words of a caption"),
  noRepeatNgram: z.int().min(1).max(1000).optional().describe(
    "no caption says as many words in a row twice",
  ),
  diverseGroups: z.int().min(1).max(100).optional().describe(
    "groups that the beam is cut into, each avoids the words of those before it",
  ),
  diversityPenalty: z.number().min(0).optional().describe(
    "what a word's log probability loses for each caption of earlier groups that has it at the " +
      `same position; ${DIVERSITY_PENALTY} where it is not set`,
  ),
  sampling: samplingSettings.optional().describe(
    "captions are drawn at random, as many as the beam is wide, instead of searched for",
  ),
  consensus: consensusSettings.optional().describe(
    "the captions that the beam found are ranked by how much they agree with captions that are drawn, " +
      "too (minimum Bayes risk)",
  ),
}).refine(({ minLength = 0, maxLength }) => minLength <= maxLength, {
  path: ["minLength"],
  error: "it is above maxLength",
}).refine(({ consensus, sampling }) => !consensus?.weight || sampling === undefined, {
  path: ["consensus"],
  error: "it ranks what a search found, but decoding.sampling draws captions: set " +
    "decoding.consensus.weight to 0",
});
