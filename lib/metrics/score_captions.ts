import {
  CaptionScorer,
  type CaptionScorerOptions,
  type ScoringSettings,
} from "./caption_scorer.ts";
import type { Scores } from "./metric.ts";

/** Scores by name, and the signature without which they cannot be compared. */
export interface CaptionScores {
  /** What the scores depend on, e.g. `bleu:coco|n:4|smooth:none|markers:no|tok:words|refs:5|v:2`. */
  signature: string;
  /** By name, e.g. `bleu-4`. */
  scores: Scores;
}

/**
 * Scores captions against references by the metrics of the settings: a {@linkcode CaptionScorer} used
 * once.
 *
 * ```ts
 * import { scoreCaptions } from "./score_captions.ts";
 * import { evaluationSettings } from "./settings.ts";
 *
 * const { signature, scores } = scoreCaptions(
 *   ["a dog runs"],
 *   [["A dog is running.", "The dog runs!"]],
 *   evaluationSettings.parse({}),
 * );
 * ```
 *
 * @param candidates a caption of each photo
 * @param references true captions of each photo, at least one
 * @throws {RangeError} if they do not pair up, a photo has no references, there are no photos, or
 * settings do not go together
 */
export function scoreCaptions(
  candidates: readonly string[],
  references: readonly (readonly string[])[],
  settings: ScoringSettings,
  options?: CaptionScorerOptions,
): CaptionScores {
  const scorer = new CaptionScorer(references, settings, options);
  return { signature: scorer.signature, scores: scorer.corpus(candidates) };
}

/** A caption without the words given, which are separated by white space. */
export function withoutMarkers(caption: string, markers: readonly string[]): string {
  return caption.split(/\s+/).filter((word) => word !== "" && !markers.includes(word)).join(" ");
}
