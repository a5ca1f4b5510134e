/**
 * Training a caption decoder: batches, loop, Adam, checkpoints, callbacks.
 *
 * @module
 */
export {
  type BatchPart,
  type BatchSettings,
  type BatchSource,
  captionBatches,
  type FixedBatchSource,
  type StepBatch,
  type TrainingSteps,
} from "./batch_source.ts";
export { captionBatch, disposeBatch } from "./batch_tensors.ts";
export type { CaptionSet, FeatureSource } from "./caption_set.ts";
export type { Callback, CallbackState, Logs, TrainingControl } from "./callback.ts";
export * from "./callbacks/mod.ts";
export {
  type Checkpoint,
  type CheckpointSummary,
  type CheckpointWeights,
  readCheckpoint,
  readCheckpointSummary,
  readCheckpointWeights,
  writeCheckpoint,
} from "./checkpoint.ts";
export type { DevScorer, DevScoresOptions } from "./dev_scorer.ts";
export { crossEntropy } from "./objectives/cross_entropy.ts";
export type { Gradients } from "./gradients_of.ts";
export type { Objective } from "./objectives/objective.ts";
export { planBatches } from "./plan_batches.ts";
export { type Position, startOfEpoch } from "./position.ts";
export type { Ranks } from "./ranks.ts";
export { type CaptionReward, captionReward } from "./self_critical/caption_reward.ts";
export { type SelfCriticalInputs, selfCriticalSteps } from "./self_critical/self_critical_steps.ts";
export type { SelfCriticalSettings } from "./self_critical/settings.ts";
export { type TrainingSettings, trainingSettings } from "./settings.ts";
export { trainDecoder, type TrainingOptions, type TrainingResult } from "./train_decoder.ts";
export { unigramLoss } from "./unigram_loss.ts";
export { validationLoss } from "./validation_loss.ts";
