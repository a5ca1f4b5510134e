/**
 * Scores of captions against references. Pure; runs in a browser as well.
 *
 * @module
 */
export { cocoCorpusBleu, cocoSentenceBleu } from "./coco_bleu.ts";
export type { BleuSettings } from "./bleu.ts";
export {
  bootstrapIntervals,
  type BootstrapSettings,
  type Interval,
  pairedBootstrap,
  type PairedDifference,
} from "./bootstrap.ts";
export {
  type CandidateOptions,
  type CandidateStatistics,
  describeCandidates,
} from "./candidate_statistics.ts";
export {
  CaptionScorer,
  type CaptionScorerOptions,
  type ScoringSettings,
} from "./caption_scorer.ts";
export { meanOverPhotos } from "./mean_over_photos.ts";
export type {
  Metric,
  MetricContext,
  MetricSettings,
  PreparedMetric,
  Sampler,
  Scores,
  Words,
} from "./metric.ts";
export { type NltkBleuOptions, nltkCorpusBleu, nltkSentenceBleu } from "./nltk_bleu.ts";
export { pennTreebankWords } from "./penn_treebank.ts";
export { perplexity } from "./perplexity.ts";
export { metrics } from "./registry.ts";
export { type CaptionScores, scoreCaptions, withoutMarkers } from "./score_captions.ts";
export {
  type EvaluationSettings,
  evaluationSettings,
  type EvaluationSettingsInput,
  type SettingsOfMetrics,
} from "./settings.ts";
export { smoothingAliases } from "./bleu_smoothing.ts";
export { type Tokenization, tokenizations, tokenizers } from "./tokenize.ts";
