/**
 * A run on disk: the only place that knows the names and the layout of its files.
 *
 * @module
 */
export type { BeginOptions } from "./begin_run.ts";
export { type ComparedFigure, compareRuns, type RunComparison } from "./compare_runs.ts";
export { type CaptionedRun, type ComparedPhoto, comparePhotos } from "./compare_photos.ts";
export { locateRuns, RunEnsemble } from "./ensemble.ts";
export { encoderKeyOf, fileFeaturesKey } from "./encoder_key.ts";
export type { EvaluatedPhoto, Evaluation, MemberOfEnsemble } from "./evaluation.ts";
export type { ImportedParts } from "./imported_run.ts";
export {
  deleteRun,
  findRun,
  type ListedRun,
  listRuns,
  locateRun,
  trainedRuns,
} from "./list_runs.ts";
export { pairedRuns, type PairedScores } from "./paired_runs.ts";
export { Run, runsFolder } from "./run.ts";
export { OtherConfigError } from "./run_config.ts";
export type { EvaluationInputs, FoundEvaluations, RunEvaluation } from "./evaluation_record.ts";
export type { RunFile, RunPaths } from "./run_files.ts";
export type { SeenPhotos } from "./seen_photos.ts";
export type { TrainingInputs } from "./recorded_inputs.ts";
export type { TrainingOutcome } from "./training_stage.ts";
export type { TrainingSummary } from "./run_record.ts";
