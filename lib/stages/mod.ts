/**
 * The six stages, and the pipeline: the only place that knows their order.
 *
 * @module
 */
export { amount } from "./amount.ts";
export {
  buildTokenizer,
  type BuiltTokenizer,
  captionsToFit,
  tokenizerInputs,
} from "./build_tokenizer.ts";
export { cacheFeatures } from "./cache_features.ts";
export type { CachedFeatures } from "./cached_features.ts";
export {
  captioningConfig,
  openCaptioner,
  type OpenCaptionerOptions,
  PhotoCaptioner,
} from "./caption.ts";
export type { CaptionedPhoto } from "./caption_batches.ts";
export { checkCaptionsFile, writeCaptions } from "./write_captions.ts";
export { type Cache, cleanCaches, listCaches } from "./clean_caches.ts";
export { type CaptionSets, captionSets } from "./caption_sets.ts";
export { epochFigure } from "./epoch_table.ts";
export { devScorer, type DevScorerParts } from "./dev_scorer.ts";
export type { Evaluated } from "./caption_and_score.ts";
export { evaluationOn, type EvaluationParts } from "./evaluation_inputs.ts";
export { startingWeights } from "./starting_weights.ts";
export {
  datasetFolder,
  type Experiment,
  featuresFolder,
  type Located,
  openRun,
  type OpenRunOptions,
} from "./experiment.ts";
export { type Exported, type ExportRequest, exportRun } from "./export_run.ts";
export { type ImportedRun, type ImportRequest, importRun } from "./import_run.ts";
export { keptData, keptFeatures } from "./kept_data.ts";
export { checkPhotoRun, type PhotoEncoder, photoEncoder } from "./photo_encoder.ts";
export { readCaptioner } from "./read_captioner.ts";
export { tidyData } from "./tidy_data.ts";
export { tokenizerOptions } from "./tokenizer_options.ts";
export {
  type DataAndFeatures,
  evaluateRun,
  evaluateRuns,
  type RunOptions,
  throughEvaluation,
  throughFeatures,
  throughTokenizer,
  throughTraining,
  type TrainOptions,
} from "./pipeline.ts";
export { encodedFeatures, type PhotoFeatures } from "./photo_features.ts";
export { openEnsemble } from "./open_ensemble.ts";
export { prepareData } from "./prepare_data.ts";
export type { PreparedData } from "./prepared_data.ts";
export { type SampleCaption, sampleCaptions } from "./sample_captions.ts";
export type { Trained } from "./train.ts";
export { trainingInputs, type TrainingParts } from "./training_inputs.ts";
export { trainingOps } from "./training_ops.ts";
export { learnedOnlyFrequencies } from "./training_warnings.ts";
export { type PerplexityParts, referencePerplexity } from "./reference_perplexity.ts";
export { type ScoredPhotos, scorePhotos } from "./score_photos.ts";
export { unseenPhotos } from "./unseen_photos.ts";
