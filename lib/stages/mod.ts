/**
 * The six stages, the only place that knows their order: each first runs those
 * before it that are missing or out of date.
 *
 * @module
 */
export {
  buildTokenizer,
  type BuiltTokenizer,
  captionsToFit,
  saveTokenizer,
} from "./build_tokenizer.ts";
export { openCaptioner, type OpenCaptionerOptions, PhotoCaptioner } from "./caption.ts";
export { type CachedFeatures, cacheFeatures } from "./cache_features.ts";
export { evaluate, type Evaluated, NoUnseenPhotosError, unseenPhotos } from "./evaluate.ts";
export {
  type EvaluatedPhoto,
  type Evaluation,
  type EvaluationPlace,
  evaluationPlace,
  saveEvaluation,
} from "./evaluation_record.ts";
export {
  datasetFolder,
  type Experiment,
  featuresFolder,
  openRun,
  readRunConfig,
  runFolder,
} from "./experiment.ts";
export { type Cache, cleanCaches, listCaches } from "./caches.ts";
export { type Exported, type ExportRequest, exportRun } from "./export_run.ts";
export { type ImportedRun, type ImportRequest, importRun } from "./import_run.ts";
export { fromRoot, openExperiment } from "./open_experiment.ts";
export { prepareData, type PreparedData, prepareInputs, savePreparedData } from "./prepare_data.ts";
export { compareRuns, deleteRun, findRun, listRuns, type Run, type RunComparison } from "./runs.ts";
export { captionSets, readCaptionSets, train, type Trained, type TrainOptions } from "./train.ts";
export {
  beginTraining,
  bestEpoch,
  callbackPaths,
  finishTraining,
  forgetCheckpoints,
  readTrainingSummary,
  type TrainingInputs,
  trainingInputs,
  type TrainingSummary,
} from "./training_record.ts";
