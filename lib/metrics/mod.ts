/**
 * Scores of captions against references. Pure; runs in a browser as well.
 *
 * @module
 */
export { cocoCorpusBleu, cocoSentenceBleu } from "./coco_bleu.ts";
export type { BleuSettings } from "./bleu.ts";
export type {
  Metric,
  MetricContext,
  MetricSettings,
  PreparedMetric,
  Scores,
  Words,
} from "./metric.ts";
export { type NltkBleuOptions, nltkCorpusBleu, nltkSentenceBleu } from "./nltk_bleu.ts";
export { pennTreebankWords } from "./penn_treebank.ts";
export { metrics } from "./registry.ts";
export {
  type CaptionScores,
  scoreCaptions,
  type ScoreCaptionsOptions,
  withoutMarkers,
} from "./score_captions.ts";
export {
  type EvaluationSettings,
  evaluationSettings,
  type EvaluationSettingsInput,
  type SettingsOfMetrics,
} from "./settings.ts";
export { smoothingAliases } from "./bleu_smoothing.ts";
export { type Tokenization, tokenizations, tokenizers } from "./tokenize.ts";
