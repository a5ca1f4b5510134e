import { z } from "zod";
import {
  DamagedFileError,
  digestFile,
  isNotFound,
  MISSING,
  readRecord,
  whyUnreadable,
  writeRecord,
} from "../storage/mod.ts";
import { readCheckpointSummary } from "../training/mod.ts";
import { replaceAdvice, restoreAdvice, resumeAdvice } from "./restore_advice.ts";
import { decisiveDigest, readRunConfig } from "./run_config.ts";
import { runFiles, type RunPaths } from "./run_files.ts";

/** Version of a run's record. */
const FORMAT = 2;

/** How a run's training went, and what decides its network besides the config. */
export interface TrainingSummary {
  /** What decided the features' values; see {@linkcode encoderKeyOf}. */
  encoderKey: string;
  /** Shape of one feature. */
  featureShape: number[];
  /** Names of the convolutions that oneDNN computed for the features, if that was chosen. */
  oneDnn?: readonly string[];
  /** Numbers learned. */
  parameters: number;
  /** Epochs done. */
  epochs: number;
  /** Epoch of the best checkpoint, counted from 1. */
  bestEpoch: number;
  /**
   * What a model that knows only the frequencies of words loses on dev, in nats a word: `val_loss`
   * should fall below it. Absent without dev captions.
   */
  unigramLoss?: number;
  /** Target words without padding a second, over the training steps alone. */
  wordsPerSecond: number;
  /** Numbers that large products were computed in; absent: float32. */
  arithmetic?: "bfloat16";
}

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

const schema = z.strictObject({
  encoderKey: z.string(),
  featureShape: z.array(z.int().min(1)),
  oneDnn: z.array(z.string()).optional(),
  parameters: z.int(),
  epochs: z.int().min(0),
  bestEpoch: z.int().min(0),
  unigramLoss: z.number().optional(),
  wordsPerSecond: z.number(),
  arithmetic: z.literal("bfloat16").optional(),
  /** Digest of what the training started from; null: the run was trained elsewhere. */
  inputs: sha256.nullable(),
  /** Digest of the config's part that training learned from; null: the run had no config. */
  config: sha256.nullable(),
  /** SHA-256 of the best checkpoint, as it carries it itself. */
  best: sha256,
  /** SHA-256 of files; null: there is none of that name. */
  files: z.strictObject({
    tokenizer: sha256,
    history: sha256.nullable(),
    trainedOn: sha256.nullable(),
    seenElsewhere: sha256.nullable(),
    imported: sha256.nullable(),
  }),
});

/**
 * A run's `training.json`: what its weights are. It is there only while they are what it says, and
 * tells the digests of all that belongs to them.
 */
export type RunRecord = z.infer<typeof schema>;

/** A file whose digest is in the record. */
export type RecordedFile = keyof RunRecord["files"];

/**
 * Reads a run's record.
 *
 * @throws {DamagedFileError} if it is damaged
 * @throws {Error} if the run is not trained to its end
 */
export async function readRunRecord(paths: RunPaths): Promise<RunRecord> {
  const record = await readRecord(paths.training, {
    format: FORMAT,
    schema,
    remedy: restoreAdvice(paths),
    otherVersion: replaceAdvice(paths),
  });
  if (record === undefined) throw notTrained(paths, runFiles.training);
  return record;
}

/**
 * Records what a run's weights are: the last that is written of a training.
 *
 * @param inputs digest of what the training started from
 */
export async function writeRunRecord(
  paths: RunPaths,
  summary: Omit<TrainingSummary, "bestEpoch">,
  inputs: string | null,
): Promise<RunRecord> {
  const { sha256: best, position } = readCheckpointSummary(paths.best);
  const {
    encoderKey,
    featureShape,
    oneDnn,
    parameters,
    epochs,
    unigramLoss,
    wordsPerSecond,
    arithmetic,
  } = summary;
  const config = await readRunConfig(paths.config);
  const record: RunRecord = {
    encoderKey,
    featureShape: [...featureShape],
    ...oneDnn && { oneDnn: [...oneDnn] },
    parameters,
    epochs,
    bestEpoch: position.epoch,
    unigramLoss,
    wordsPerSecond,
    ...arithmetic && { arithmetic },
    inputs,
    config: config === undefined ? null : decisiveDigest(config),
    best,
    files: {
      tokenizer: await digestFile(paths.tokenizer),
      history: await digestIfAny(paths.history),
      trainedOn: await digestIfAny(paths.trainedOn),
      seenElsewhere: await digestIfAny(paths.seenElsewhere),
      imported: await digestIfAny(paths.imported),
    },
  };
  await writeRecord(paths.training, FORMAT, record);
  return record;
}

/**
 * Checks a file of a run against its record.
 *
 * @throws {DamagedFileError} if it is not as it was when the training ended
 */
export async function checkRecorded(
  paths: RunPaths,
  record: RunRecord,
  file: RecordedFile,
): Promise<void> {
  const path = paths[file];
  const damaged = (damage: string) => new DamagedFileError(path, damage, restoreAdvice(paths));
  const found = await digestIfAny(path).catch((error) => {
    throw damaged(whyUnreadable(error));
  });
  if (found === record.files[file]) return;
  if (found === null) throw damaged(MISSING);
  throw damaged("it is not as it was when the training ended");
}

/** The error for a run that lacks a file which training writes. */
export function notTrained(paths: RunPaths, file: string): Error {
  return new Error(
    `The run in ${paths.folder} is not trained to its end (no ${file}): ${resumeAdvice(paths)}`,
  );
}

async function digestIfAny(path: string): Promise<string | null> {
  try {
    return await digestFile(path);
  } catch (error) {
    if (isNotFound(error)) return null;
    throw error;
  }
}
