/**
 * The six stages, and the pipeline: the only place that knows their order.
 *
 * @module
 */
export { buildTokenizer, captionsToFit, tokenizerInputs } from "./build_tokenizer.ts";
export { cacheFeatures } from "./cache_features.ts";
export { openCaptioner, type OpenCaptionerOptions, PhotoCaptioner } from "./caption.ts";
export { cleanCaches, listCaches } from "./caches.ts";
export { type CaptionSets, captionSets } from "./caption_sets.ts";
export { evaluate } from "./evaluate.ts";
export { evaluationOn } from "./evaluation_inputs.ts";
export { datasetFolder, type Experiment, featuresFolder, openRun } from "./experiment.ts";
export { exportRun } from "./export_run.ts";
export { type ImportRequest, importRun } from "./import_run.ts";
export { openExperiment } from "./open_experiment.ts";
export {
  evaluateRun,
  throughEvaluation,
  throughFeatures,
  throughTokenizer,
  throughTraining,
} from "./pipeline.ts";
export { prepareData, prepareInputs, savePreparedData } from "./prepare_data.ts";
export type { PreparedData } from "./prepared_data.ts";
export { trainingInputs } from "./training_inputs.ts";
export { NoUnseenPhotosError, unseenPhotos } from "./unseen_photos.ts";
