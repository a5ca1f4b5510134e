import { join } from "node:path";
import type { Config } from "../config/mod.ts";
import { digestFile, isUpToDate, recordStage, writeFileWhole } from "../storage/mod.ts";
import {
  type CallbackPaths,
  type Checkpoint,
  readCheckpoint,
  readCheckpointPosition,
} from "../training/mod.ts";
import { TOKENIZER } from "./build_tokenizer.ts";
import { TRAINED_ON, writeTrainedOn } from "./seen_photos.ts";
import type { Listener } from "../listener/mod.ts";

const STAGE = "train";

/** What decides a run's network besides its config, and how its training went. */
export const TRAINING = "training.json";

/** The best checkpoint in a run's folder. */
export const BEST = "checkpoints/best.safetensors";

const LAST = "checkpoints/last.safetensors";

/** Where the callbacks of a run's training write. */
export function callbackPaths(run: string): CallbackPaths {
  return {
    history: join(run, "history.jsonl"),
    best: join(run, BEST),
    last: join(run, LAST),
    tensorBoard: join(run, "tensorboard"),
  };
}

/** The run's file {@linkcode TRAINING}. */
export interface TrainingSummary {
  /** What decided the features' values. */
  encoderKey: string;
  /** Shape of one feature. */
  featureShape: number[];
  /** Numbers learned. */
  parameters: number;
  /** Epochs done. */
  epochs: number;
  /** Epoch of the best checkpoint, counted from 1. */
  bestEpoch: number;
  /**
   * What a model that knows only the frequencies of words loses on dev, in nats a word: `val_loss`
   * has to be below it. Not there without dev captions, and in runs of earlier versions.
   */
  unigramLoss?: number;
  /** Target words without padding a second, over the training steps alone. */
  wordsPerSecond: number;
}

/** What a training is made from; equal inputs give the same weights. */
export interface TrainingInputs {
  /** Digest of captions.parquet. */
  captions: string;
  /** Digest of the run's tokenizer. */
  tokenizer: string;
  /** What decides the features' values. */
  encoderKey: string;
  /** The config's part. */
  model: Config["model"];
  /** The config's part without its epochs, which may grow. */
  training: Omit<Config["training"], "epochs">;
  /** Digest of the weights that it starts from, where they are another run's. */
  startsFrom?: string;
}

/**
 * What the training of a run is made from.
 *
 * @param dataset folder of the data set
 */
export async function trainingInputs(
  { model, training: { epochs: _, ...training } }: Config,
  run: string,
  dataset: string,
  encoderKey: string,
): Promise<TrainingInputs> {
  return {
    captions: await digestFile(join(dataset, "captions.parquet")),
    tokenizer: await digestFile(join(run, TOKENIZER)),
    encoderKey,
    model,
    training,
    ...training.from === undefined
      ? {}
      : { startsFrom: await digestFile(join(training.from, BEST)) },
  };
}

/** Whether a run is trained from these inputs for so many epochs. */
export async function isTrained(
  run: string,
  inputs: TrainingInputs,
  epochs: number,
): Promise<boolean> {
  return await isUpToDate(run, STAGE, { ...inputs, epochs });
}

/**
 * Records what the checkpoints that follow belong to.
 *
 * @param photos digests of the photos that the run is trained on
 * @param from the run whose weights it starts from
 */
export async function beginTraining(
  run: string,
  inputs: TrainingInputs,
  photos: readonly string[],
  from?: string,
): Promise<void> {
  await recordStage(run, `${STAGE}-began`, inputs, []);
  await writeTrainedOn(run, photos, from);
}

/** Writes how a run's training went, and that stage 4 is done. */
export async function finishTraining(
  run: string,
  inputs: TrainingInputs,
  epochs: number,
  summary: TrainingSummary,
): Promise<void> {
  await writeFileWhole(join(run, TRAINING), JSON.stringify(summary, null, 2) + "\n");
  const outputs = [BEST, "history.jsonl", TRAINED_ON, TRAINING];
  await recordStage(run, STAGE, { ...inputs, epochs }, outputs);
}

/** What a run tells about its training. */
export async function readTrainingSummary(run: string): Promise<TrainingSummary> {
  try {
    return JSON.parse(await Deno.readTextFile(join(run, TRAINING)));
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new Error(`The run in ${run} is not trained to its end: train it first`);
  }
}

/** The epoch of a run's best checkpoint, counted from 1. */
export function bestEpoch(run: string): number {
  return readCheckpointPosition(join(run, BEST)).epoch;
}

/** Where an interrupted or a shorter training of these inputs stood; undefined to start anew. */
export async function checkpointToGoOnFrom(
  run: string,
  inputs: TrainingInputs,
  say: Required<Listener>["say"],
): Promise<Checkpoint | undefined> {
  try {
    await Deno.stat(join(run, LAST));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
  if (!await isUpToDate(run, `${STAGE}-began`, inputs)) {
    say("Captions, tokenizer or features have changed since this run was trained: it starts anew");
    await forgetCheckpoints(run);
    return undefined;
  }
  const checkpoint = readCheckpoint(join(run, LAST));
  const { epoch, step } = checkpoint.position;
  say(
    step === 0 ? `Resuming after epoch ${epoch}` : `Resuming epoch ${epoch + 1} after step ${step}`,
  );
  return checkpoint;
}

/** Deletes a run's checkpoints, so that its training starts anew. */
export async function forgetCheckpoints(run: string): Promise<void> {
  await Deno.remove(join(run, "checkpoints"), { recursive: true }).catch((error) => {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  });
}
