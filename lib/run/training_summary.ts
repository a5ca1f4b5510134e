import { writeFileWhole } from "../storage/mod.ts";
import { runFiles, type RunPaths } from "./run_files.ts";

/** A run's `training.json`: what decides its network besides the config, and how training went. */
export interface TrainingSummary {
  /** What decided the features' values; see {@linkcode encoderKeyOf}. */
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
   * should fall below it. Absent without dev captions, and in runs of earlier versions.
   */
  unigramLoss?: number;
  /** Target words without padding a second, over the training steps alone. */
  wordsPerSecond: number;
}

/**
 * Reads a run's `training.json`.
 *
 * @throws {Error} if the run is not trained to its end
 */
export async function readTrainingSummary(paths: RunPaths): Promise<TrainingSummary> {
  try {
    return JSON.parse(await Deno.readTextFile(paths.training));
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw notTrained(paths.folder, runFiles.training);
  }
}

/** Writes a run's `training.json`. */
export async function writeTrainingSummary(
  paths: RunPaths,
  summary: TrainingSummary,
): Promise<void> {
  await writeFileWhole(paths.training, JSON.stringify(summary, null, 2) + "\n");
}

/** The error for a run that lacks a file which training writes. */
export function notTrained(folder: string, file: string): Error {
  return new Error(`The run in ${folder} is not trained to its end (no ${file}): train it first`);
}
