import type { Metric, MetricContext, MetricSettings, Scores } from "./metric.ts";
import { metrics } from "./registry.ts";
import type { EvaluationSettings } from "./settings.ts";
import { tokenizers } from "./tokenize.ts";

/** Version of the definitions here; goes up when one of them gives another number. */
const VERSION = 2;

/** Scores by name, and the signature without which they cannot be compared. */
export interface CaptionScores {
  /** What the scores depend on, e.g. `bleu:coco|n:4|smooth:none|markers:no|tok:words|refs:5|v:2`. */
  signature: string;
  /** By name, e.g. `bleu-4`. */
  scores: Scores;
}

/** Options of {@linkcode scoreCaptions}. */
export interface ScoreCaptionsOptions {
  /** The words that `bleu.countMarkers` puts around every caption. @default {"<start>" and "<end>"} */
  markers?: MetricContext["markers"];
}

/**
 * Scores captions against references by the metrics of the settings.
 *
 * Neither side holds markers; `bleu.countMarkers` puts them around both.
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
  settings: EvaluationSettings,
  options: ScoreCaptionsOptions = {},
): CaptionScores {
  const { markers = { start: "<start>", end: "<end>" } } = options;
  if (candidates.length === 0) throw new RangeError("No candidates to score");
  const parts: string[] = [];
  const scores: Scores = {};
  for (const name of settings.metrics) {
    const metric = metricNamed(name);
    const own = settings[name as keyof typeof metrics];
    const words = tokenizers[own.tokenize];
    const prepared = metric.prepare(
      references.map((captions) => captions.map(words)),
      own,
      { markers },
    );
    Object.assign(scores, prepared.corpus(candidates.map(words)));
    parts.push(...metric.signature(own), `tok:${own.tokenize}`);
  }
  const counts = references.map((captions) => captions.length);
  const least = counts.reduce((a, b) => Math.min(a, b)),
    most = counts.reduce((a, b) => Math.max(a, b));
  parts.push(`refs:${least === most ? most : `${least}-${most}`}`, `v:${VERSION}`);
  return { signature: parts.join("|"), scores };
}

function metricNamed(name: string): Metric<MetricSettings> {
  if (!(name in metrics)) {
    throw new RangeError(
      `There is no metric "${name}"; there are ${Object.keys(metrics).join(", ")}`,
    );
  }
  return metrics[name as keyof typeof metrics];
}

/** A caption without the words given, which are separated by white space. */
export function withoutMarkers(caption: string, markers: readonly string[]): string {
  return caption.split(/\s+/).filter((word) => word !== "" && !markers.includes(word)).join(" ");
}
