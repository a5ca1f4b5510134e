import {
  DamagedFileError,
  digestJson,
  exists,
  explainWriteError,
  unlessNotFound,
} from "../storage/mod.ts";
import { shellWord } from "../text/mod.ts";
import {
  bestEpochIn,
  type Checkpoint,
  readCheckpoint,
  readCheckpointSummary,
  writeCheckpoint,
} from "../training/mod.ts";
import type { Arithmetic } from "../nn/mod.ts";
import type { Listener } from "../progress/mod.ts";
import { readIfWhole } from "./best_checkpoint.ts";
import { type TrainingInputs, withoutEpochs } from "./recorded_inputs.ts";
import { restoreAdvice } from "./restore_advice.ts";
import type { RunPaths } from "./run_files.ts";
import {
  checkRecorded,
  readRunRecord,
  type RecordedFile,
  type RunRecord,
  type TrainingSummary,
  writeRunRecord,
} from "./run_record.ts";
import { readSeenForTraining, writeTrainedOn } from "./seen_photos.ts";

/** What is known only when training has ended. */
export type TrainingOutcome = Omit<TrainingSummary, "encoderKey" | "bestEpoch">;

/**
 * Whether a run is trained from these inputs, all epochs, and all that belongs to its weights is as
 * it was.
 *
 * @param say hears what is not
 */
export async function isTrained(
  paths: RunPaths,
  inputs: TrainingInputs,
  say: Required<Listener>["say"],
): Promise<boolean> {
  try {
    if (!await exists(paths.training)) return false;
    const record = await readRunRecord(paths);
    if (record.inputs !== wholeDigest(inputs)) return false;
    await checkAll(paths, record);
    return true;
  } catch (error) {
    if (!(error instanceof DamagedFileError)) throw error;
    say(`${error.path} is damaged (${error.damage}): restoring it`);
    return false;
  }
}

async function checkAll(paths: RunPaths, record: RunRecord): Promise<void> {
  if (readCheckpointSummary(paths.best).sha256 !== record.best) {
    const damage = "it is not as it was when the training ended";
    throw new DamagedFileError(paths.best, damage, restoreAdvice(paths));
  }
  for (const file of Object.keys(record.files) as RecordedFile[]) {
    await checkRecorded(paths, record, file);
  }
}

/**
 * Takes back what the run's record says, since its weights are about to change, and writes what it is
 * trained on.
 *
 * @param photos digests of the photos
 * @param from the run whose weights it starts from
 * @returns what the checkpoints that follow are to carry, as `belongsTo`
 * @throws {DamagedFileError} if what is written about the other run is damaged
 */
export async function beginTraining(
  paths: RunPaths,
  inputs: TrainingInputs,
  photos: readonly string[],
  from?: RunPaths,
): Promise<string> {
  // Read before anything is taken back: a run that cannot be read leaves this one as it was.
  const before = from && await readSeenForTraining(from, await readRunRecord(from));
  await forgetTraining(paths);
  await writeTrainedOn(paths, photos, before);
  return trainingDigest(inputs);
}

/** Writes how a run's training went, and that stage 4 is done. */
export async function finishTraining(
  paths: RunPaths,
  inputs: TrainingInputs,
  outcome: TrainingOutcome,
): Promise<TrainingSummary> {
  const { encoderKey } = inputs;
  return await writeRunRecord(paths, { ...outcome, encoderKey }, wholeDigest(inputs));
}

/**
 * Where an interrupted or a shorter training from these inputs stood; undefined where training has
 * to start from scratch, and then no checkpoint of other inputs is left. Of two checkpoints, one that
 * is damaged is written again from the other, or by resuming from it.
 *
 * @throws {DamagedFileError} if the best checkpoint is damaged and only training from scratch would
 * make it again
 */
export async function checkpointToResume(
  paths: RunPaths,
  inputs: TrainingInputs,
  say: Required<Listener>["say"],
): Promise<Checkpoint | undefined> {
  const last = readIfWhole(paths.last, readCheckpoint, say);
  const best = readIfWhole(paths.best, readCheckpointSummary, say);
  const checkpoint = last ?? (best && readIfWhole(paths.best, readCheckpoint, say));
  if (checkpoint === undefined) {
    await deleteCheckpoints(paths);
    return undefined;
  }
  if (checkpoint.belongsTo !== trainingDigest(inputs)) {
    say(
      "Captions, tokenizer or features have changed since this run was trained: " +
        "training starts from scratch",
    );
    await deleteCheckpoints(paths);
    return undefined;
  }
  if (best === undefined) await restoreBest(paths, checkpoint, say);
  const { epoch, step } = checkpoint.position;
  say(
    step === 0 ? `Resuming after epoch ${epoch}` : `Resuming epoch ${epoch + 1} after step ${step}`,
  );
  if (epoch >= inputs.training.epochs && !await exists(paths.training)) {
    say(`All epochs are done, but there is no ${paths.training}: it is written again`);
  }
  return checkpoint;
}

/** The numbers in which the training that these inputs resume began; undefined where none resumes. */
export function begunArithmetic(paths: RunPaths, inputs: TrainingInputs): Arithmetic | undefined {
  const found = readIfWhole(paths.last, readCheckpointSummary, () => {}) ??
    readIfWhole(paths.best, readCheckpointSummary, () => {});
  return found?.belongsTo === trainingDigest(inputs) ? found.arithmetic ?? "float32" : undefined;
}

/** The best checkpoint is the last one as well where no epoch after it was better, or begun. */
async function restoreBest(
  paths: RunPaths,
  last: Checkpoint,
  say: Required<Listener>["say"],
): Promise<void> {
  const bestEpoch = bestEpochIn(last);
  if (bestEpoch === null) return; // none was good enough yet
  const { epoch, step } = last.position;
  if (epoch === bestEpoch + 1 && step === 0) {
    say(`${paths.best} is written again: the best epoch, ${epoch}, is the last one`);
    return await writeCheckpoint(paths.best, last);
  }
  throw new DamagedFileError(
    paths.best,
    "it is missing, or not as it was written",
    `it was of epoch ${bestEpoch + 1}, and ${paths.last} is of epoch ${epoch}; ` +
      `\`deno task train --config=${shellWord(paths.config)} --overwrite\` trains the run again`,
  );
}

/** Deletes a run's checkpoints, so that its training starts from scratch. */
export async function deleteCheckpoints(paths: RunPaths): Promise<void> {
  await forgetTraining(paths);
  await Deno.remove(paths.checkpoints, { recursive: true }).catch(unlessNotFound);
}

/** Weights do not fit words that have other indices. */
export async function forgetUnlessSameTokenizer(paths: RunPaths, digest: string): Promise<void> {
  const record = await readRunRecord(paths).catch(() => undefined);
  if (record !== undefined && record.files.tokenizer !== digest) await forgetTraining(paths);
}

/** From here on the run is one whose training has not ended. */
async function forgetTraining(paths: RunPaths): Promise<void> {
  await Deno.remove(paths.training).catch(unlessNotFound).catch((error) => {
    throw explainWriteError(error, paths.training);
  });
}

function trainingDigest(inputs: TrainingInputs): string {
  return digestJson(withoutEpochs(inputs));
}

function wholeDigest(inputs: TrainingInputs): string {
  return digestJson({ ...withoutEpochs(inputs) as object, epochs: inputs.training.epochs });
}
