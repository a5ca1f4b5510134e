import { exists, isUpToDate, recordStage, unlessNotFound } from "../storage/mod.ts";
import { type Checkpoint, readCheckpoint, readCheckpointPosition } from "../training/mod.ts";
import type { Listener } from "../progress/mod.ts";
import { runFiles, type RunPaths } from "./run_files.ts";
import { writeTrainedOn } from "./seen_photos.ts";
import { type TrainingInputs, withoutEpochs } from "./recorded_inputs.ts";
import { type TrainingSummary, writeTrainingSummary } from "./training_summary.ts";

const STAGE = "train";
const BEGAN = "train-began";

/** What is known only when training has ended. */
export type TrainingOutcome = Omit<TrainingSummary, "encoderKey" | "bestEpoch">;

/** Whether a run is trained from these inputs, all epochs. */
export async function isTrained(paths: RunPaths, inputs: TrainingInputs): Promise<boolean> {
  return await isUpToDate(paths.folder, STAGE, trainInputs(inputs));
}

/**
 * Records what the checkpoints that follow belong to.
 *
 * @param photos digests of the photos that the run is trained on
 * @param from the run whose weights it starts from
 */
export async function beginTraining(
  paths: RunPaths,
  inputs: TrainingInputs,
  photos: readonly string[],
  from?: RunPaths,
): Promise<void> {
  await recordStage(paths.folder, BEGAN, withoutEpochs(inputs), []);
  await writeTrainedOn(paths, photos, from);
}

/** Writes how a run's training went, and that stage 4 is done. */
export async function finishTraining(
  paths: RunPaths,
  inputs: TrainingInputs,
  outcome: TrainingOutcome,
): Promise<TrainingSummary> {
  const { featureShape, parameters, epochs, unigramLoss, wordsPerSecond } = outcome;
  const summary: TrainingSummary = {
    encoderKey: inputs.encoderKey,
    featureShape: [...featureShape],
    parameters,
    epochs,
    bestEpoch: readCheckpointPosition(paths.best).epoch,
    unigramLoss,
    wordsPerSecond,
  };
  await writeTrainingSummary(paths, summary);
  const { best, history, trainedOn, training } = runFiles;
  await recordStage(paths.folder, STAGE, trainInputs(inputs), [best, history, trainedOn, training]);
  return summary;
}

/**
 * Where an interrupted or a shorter training from these inputs stood; undefined where training has
 * to start from scratch, and then no checkpoint of other inputs is left.
 */
export async function checkpointToResume(
  paths: RunPaths,
  inputs: TrainingInputs,
  say: Required<Listener>["say"],
): Promise<Checkpoint | undefined> {
  if (!await exists(paths.last)) return undefined;
  if (!await isUpToDate(paths.folder, BEGAN, withoutEpochs(inputs))) {
    say(
      "Captions, tokenizer or features have changed since this run was trained: " +
        "training starts from scratch",
    );
    await deleteCheckpoints(paths);
    return undefined;
  }
  const checkpoint = readCheckpoint(paths.last);
  const { epoch, step } = checkpoint.position;
  say(
    step === 0 ? `Resuming after epoch ${epoch}` : `Resuming epoch ${epoch + 1} after step ${step}`,
  );
  return checkpoint;
}

/** Deletes a run's checkpoints, so that its training starts from scratch. */
export async function deleteCheckpoints(paths: RunPaths): Promise<void> {
  await Deno.remove(paths.checkpoints, { recursive: true }).catch(unlessNotFound);
}

function trainInputs(inputs: TrainingInputs): unknown {
  return { ...withoutEpochs(inputs) as object, epochs: inputs.training.epochs };
}
