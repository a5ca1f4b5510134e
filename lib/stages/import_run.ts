import { basename, join } from "node:path";
import { type Config, ConfigError } from "../config/mod.ts";
import { type FileOf, importTokenizer, type TokenizerFile } from "../interchange/mod.ts";
import { createDecoder, parameterCount } from "../models/mod.ts";
import { digestFile, lockFolder, writeFileWhole } from "../storage/mod.ts";
import {
  cleaningPresets,
  cleaningSteps,
  KerasTokenizer,
  type TextSettings,
  textSettings,
  type Tokenizer,
  tokenizerToJson,
} from "../text/mod.ts";
import { startOfEpoch, writeCheckpoint } from "../training/mod.ts";
import { TOKENIZER } from "./build_tokenizer.ts";
import { type Experiment, openRun, runFolder } from "./experiment.ts";
import { CLEANING, importedConfig } from "./imported_config.ts";
import { writeSeenElsewhere } from "./seen_photos.ts";
import { BEST, TRAINING, type TrainingSummary } from "./training_record.ts";

/** A Keras project's files, and what is asked for. */
export interface ImportRequest {
  /** The decoder. */
  model: FileOf<"model">;
  /** Its words. */
  tokenizer: FileOf<"tokenizer">;
  /** Photos' features as the decoder was trained on. */
  features?: FileOf<"features">;
  /** `encoder.kind=xception`: dotted keys and values, over what the files tell. */
  overrides: readonly string[];
  /** Of the run. */
  name: string;
  /** Deletes the run of this name. */
  overwrite: boolean;
  /** Names of the photos that the model was trained on; absent: not known. */
  trainedOn?: readonly string[];
}

/** A run that was made from Keras' files. */
export interface ImportedRun {
  /** Its folder. */
  run: string;
  /** Its config. */
  config: Config;
  /** Numbers in its decoder. */
  parameters: number;
  /** What was assumed or chosen, a sentence each. */
  notes: string[];
}

/** Begins the key of features whose encoder is not known but by its width. */
const IMPORTED = "imported-";

/**
 * Makes a run of a Keras project's model and tokenizer that `caption` and `evaluate` use, and that
 * captions photos as the original does.
 *
 * @param data where runs lie
 * @throws {RangeError} if the tokenizer's vocabulary or the features' shape is not the model's
 * @throws {Error} if there is a run of that name
 */
export async function importRun(
  { data, say }: Pick<Experiment, "data" | "say">,
  request: ImportRequest,
): Promise<ImportedRun> {
  const { model: { model, path }, features, overrides, overwrite, trainedOn } = request;
  const notes = [...model.notes];
  const tokenizer = fittingTokenizer(request, notes);
  checkFeatures(request);
  const config = await importedConfig(
    { model, tokenizer, features: features?.path, overrides, name: request.name },
    notes,
  );
  const { vocabularySize, featureShape, settings, weights } = model;
  const decoder = createDecoder(settings, { vocabularySize, featureShape });
  const experiment = { config, data, say } as Experiment;
  if (!overwrite) await checkFree(runFolder(experiment));
  const run = await openRun(experiment, overwrite);
  using _lock = await lockFolder(run, { say });
  await writeFileWhole(join(run, TOKENIZER), tokenizerToJson(tokenizer));
  await writeCheckpoint(join(run, BEST), {
    weights,
    moments: new Map(),
    steps: 0,
    position: startOfEpoch(0),
    learningRate: config.training.learningRate,
    callbacks: {},
  });
  await writeFileWhole(join(run, "imported.json"), await provenance(request, notes));
  const summary: TrainingSummary = {
    encoderKey: IMPORTED + (await digestFile(path)).slice(0, 16),
    featureShape,
    parameters: parameterCount(decoder),
    epochs: 0,
    bestEpoch: 0,
    wordsPerSecond: 0,
  };
  await writeFileWhole(join(run, TRAINING), JSON.stringify(summary, null, 2) + "\n");
  await writeSeenElsewhere(run, { photos: trainedOn === undefined ? null : [...trainedOn] });
  return { run, config, parameters: summary.parameters, notes };
}

/**
 * The file's tokenizer, if its words are the model's.
 *
 * @throws {RangeError} naming both numbers, if they are not
 */
function fittingTokenizer(
  { tokenizer: { tokenizer: file }, model: { model, path }, overrides }: ImportRequest,
  notes: string[],
): Tokenizer {
  const cleaning = cleaningOf(overrides);
  const found: string[] = [];
  const { tokenizer, notes: own } = importTokenizer(file, cleaning);
  found.push(...own);
  if (tokenizer.vocabularySize === model.vocabularySize) {
    notes.push(...found);
    return tokenizer;
  }
  const whole = withoutLimit(file);
  const other = whole === undefined ? undefined : importTokenizer(whole, cleaning);
  if (other?.tokenizer.vocabularySize === model.vocabularySize) {
    notes.push(
      ...other.notes,
      `The model has all ${model.vocabularySize} words of the tokenizer, whose num_words is ` +
        `${file.keras.numWords}`,
    );
    return other.tokenizer;
  }
  throw new RangeError(
    `${file.path} has a vocabulary of ${tokenizer.vocabularySize} with index 0, but the model in ` +
      `${path} has one of ${model.vocabularySize}: they are not of the same training`,
  );
}

/** Keras' vocabulary size is often counted without regard to the tokenizer's limit. */
function withoutLimit(file: TokenizerFile): TokenizerFile | undefined {
  const { keras } = file;
  if (file.own !== undefined || !keras.numWords) return undefined;
  const whole = new KerasTokenizer({ ...keras, numWords: null });
  whole.documentCount = keras.documentCount;
  for (const [word, n] of keras.wordCounts) whole.wordCounts.set(word, n);
  for (const [word, n] of keras.wordDocs) whole.wordDocs.set(word, n);
  whole.wordIndex = keras.wordIndex;
  return { ...file, keras: whole };
}

/**
 * The override of the cleaning.
 *
 * @throws {ConfigError} if there is no such preset or step
 */
function cleaningOf(overrides: readonly string[]): TextSettings["cleaning"] | undefined {
  const found = overrides.findLast((override) => override.startsWith(CLEANING));
  if (found === undefined) return undefined;
  const value = found.slice(CLEANING.length);
  const { success, data } = textSettings.safeParse({
    cleaning: value.startsWith("[") ? value.slice(1, -1).match(/\w+/g) ?? [] : value,
  });
  if (success) return data.cleaning;
  throw new ConfigError(
    `--text.cleaning is "${value}"; it must be one of ${
      Object.keys(cleaningPresets).join(", ")
    }, ` +
      `or a list of ${Object.keys(cleaningSteps).join(", ")}`,
  );
}

function checkFeatures({ features, model: { model, path } }: ImportRequest): void {
  if (features === undefined) return;
  const { featureShape } = features.features;
  if (String(featureShape) === String(model.featureShape)) return;
  throw new RangeError(
    `${features.path} has features of the shape [${featureShape.join(", ")}], but the model in ` +
      `${path} takes [${model.featureShape.join(", ")}]`,
  );
}

async function checkFree(run: string): Promise<void> {
  try {
    await Deno.stat(join(run, TRAINING));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return;
    throw error;
  }
  throw new Error(
    `There is a run in ${run} already: give this one another --name, or --overwrite it`,
  );
}

/** What the run was made from; names alone, since the run may be copied elsewhere. */
async function provenance(request: ImportRequest, notes: string[]): Promise<string> {
  const files = [request.model, request.tokenizer, request.features].filter((file) =>
    file !== undefined
  );
  const listed = await Promise.all(files.map(async ({ kind, path }) => ({
    kind,
    file: basename(path),
    sha256: await digestFile(path),
  })));
  return JSON.stringify({ files: listed, notes }, null, 2) + "\n";
}
