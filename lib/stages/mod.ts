/**
 * The six stages, the only place that knows their order: each first runs those
 * before it that are missing or out of date.
 *
 * @module
 */
export { buildTokenizer, type BuiltTokenizer, captionsToFit } from "./build_tokenizer.ts";
export { type CachedFeatures, cacheFeatures } from "./cache_features.ts";
export { evaluate, type Evaluated, type EvaluatedPhoto, type Evaluation } from "./evaluate.ts";
export {
  datasetFolder,
  type Experiment,
  featuresFolder,
  openRun,
  readRunConfig,
  runFolder,
} from "./experiment.ts";
export { prepareData, type PreparedData } from "./prepare_data.ts";
export {
  captionSets,
  train,
  type Trained,
  type TrainingSummary,
  type TrainOptions,
} from "./train.ts";
