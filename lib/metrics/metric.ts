import type { z } from "zod";
import type { Tokenization } from "./tokenize.ts";

/** A caption's words, or their indices in a vocabulary. */
export type Words = readonly (string | number)[];

/** Scores by name, such as `{ "bleu-1": 0.6 }`; never NaN. */
export type Scores = Record<string, number>;

/** Scores of chosen photos as one corpus; a photo chosen twice counts twice. */
export type Sampler = (photos: ArrayLike<number>) => Scores;

/** Settings that every metric has. */
export interface MetricSettings {
  /** How captions are split into words. */
  tokenize: Tokenization;
}

/** What a metric is given besides references and settings. */
export interface MetricContext {
  /** The words that start and end a caption, for metrics that may count them. */
  markers: { start: string; end: string };
  /** The words of captions by photo, in which n-grams are counted that are not in references. */
  documents?: readonly (readonly Words[])[];
}

/** One way to score captions, registered in `registry.ts`. */
export interface Metric<Settings extends MetricSettings = MetricSettings> {
  /** Schema of its part of a config, `evaluation.<name>`; every key has a default. */
  readonly settings: z.ZodType<Settings>;
  /** What the scores depend on besides captions, as `name:value` parts, e.g. `["bleu:coco", "n:4"]`. */
  signature(settings: Settings): string[];
  /**
   * Does once the costly work that is the same for all candidates.
   *
   * @param references the words of each photo's true captions
   * @throws {RangeError} if a photo has no references, or settings do not go together
   */
  prepare(
    references: readonly (readonly Words[])[],
    settings: Settings,
    context: MetricContext,
  ): PreparedMetric;
}

/** A metric with the references of its photos, for any number of candidates. */
export interface PreparedMetric {
  /**
   * Scores of one candidate for each photo, in the photos' order, as one corpus.
   *
   * @throws {RangeError} if there is not exactly one for each photo
   */
  corpus(candidates: readonly Words[]): Scores;
  /** Scores of one candidate for the photo at an index, by the same names. */
  caption(candidate: Words, photo: number): Scores;
  /**
   * Counts one candidate for each photo once, so that any choice of the photos, as the bootstrap makes
   * thousands, is scored fast. What the metric learned of all references stays.
   *
   * @throws {RangeError} if there is not exactly one for each photo
   */
  sampler(candidates: readonly Words[]): Sampler;
}
