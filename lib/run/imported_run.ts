import type { Config } from "../config/mod.ts";
import type { Weights } from "../nn/mod.ts";
import { writeFileWhole, writeFolderWhole, writeRecord } from "../storage/mod.ts";
import { type Tokenizer, tokenizerToJson } from "../text/mod.ts";
import { startOfEpoch, writeCheckpoint } from "../training/mod.ts";
import { importedFeaturesKey } from "./encoder_key.ts";
import { writeRunConfig } from "./run_config.ts";
import { type RunPaths, runPaths } from "./run_files.ts";
import { writeSeenElsewhere } from "./seen_photos.ts";
import { writeRunRecord } from "./run_record.ts";

/** Inputs of a run that was trained elsewhere. */
export interface ImportedParts {
  /** Words and their indices. */
  tokenizer: Tokenizer;
  /** The decoder's weights. */
  weights: Weights;
  /** Of the run's config, for a training that starts from the weights. */
  learningRate: number;
  /** Shape of one feature. */
  featureShape: readonly number[];
  /** Numbers in the decoder. */
  parameters: number;
  /** The files; names alone, since the run may be copied elsewhere. The first is the model's. */
  files: readonly { kind: string; file: string; sha256: string }[];
  /** What was assumed or chosen, a sentence each. */
  notes: readonly string[];
  /** Names of the photos that the model was trained on; absent: not known. */
  trainedOn?: readonly string[];
}

/** Version of the record of the files that a run was made from. */
const FORMAT = 1;

/**
 * Writes a run that is a decoder trained elsewhere: it appears whole or not at all, and so does the
 * one that it replaces go. Call it under the run's lock.
 */
export async function writeImportedRun(
  { folder }: Pick<RunPaths, "folder">,
  config: Config,
  parts: ImportedParts,
): Promise<void> {
  await writeFolderWhole(folder, (made) => fill(runPaths(made), config, parts), { replace: true });
}

async function fill(paths: RunPaths, config: Config, parts: ImportedParts): Promise<void> {
  await writeRunConfig(paths.config, config);
  const { tokenizer, weights, learningRate, featureShape, parameters, files, notes } = parts;
  await writeFileWhole(paths.tokenizer, tokenizerToJson(tokenizer));
  await writeCheckpoint(paths.best, {
    weights,
    moments: new Map(),
    steps: 0,
    position: startOfEpoch(0),
    learningRate,
    callbacks: {},
  });
  await writeRecord(paths.imported, FORMAT, { files, notes });
  const photos = parts.trainedOn === undefined ? null : [...parts.trainedOn];
  await writeSeenElsewhere(paths, { photos });
  await writeRunRecord(paths, {
    encoderKey: importedFeaturesKey(files[0].sha256),
    featureShape: [...featureShape],
    parameters,
    epochs: 0,
    wordsPerSecond: 0,
  }, null);
}
