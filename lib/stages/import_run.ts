import { basename } from "node:path";
import type { Config } from "../config/mod.ts";
import { type FileOf, importTokenizer, type TokenizerFile } from "../interchange/mod.ts";
import { createDecoder, parameterCount } from "../models/mod.ts";
import type { Run } from "../run/mod.ts";
import { digestFile, exists } from "../storage/mod.ts";
import { KerasTokenizer, type Tokenizer } from "../text/mod.ts";
import { shapeText } from "./check_features.ts";
import { type Experiment, runOf } from "./experiment.ts";
import { importedConfig } from "./imported_config.ts";
import { tokenizerOptions } from "./tokenizer_options.ts";

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
  /** The run. */
  run: Run;
  /** Its config. */
  config: Config;
  /** Numbers in its decoder. */
  parameters: number;
  /** What was assumed or chosen, a sentence each. */
  notes: string[];
}

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
  const { model: { model }, features, overrides, overwrite, trainedOn } = request;
  const notes = [...model.notes];
  const tokenizer = fittingTokenizer(request, notes);
  checkGiven(request);
  const config = await importedConfig(
    {
      model,
      path: request.model.path,
      tokenizer,
      features: features?.path,
      overrides,
      name: request.name,
    },
    notes,
  );
  const { vocabularySize, featureShape, settings, weights } = model;
  const decoder = createDecoder(settings, { vocabularySize, featureShape });
  const experiment = { config, data, say } as Experiment;
  const parameters = parameterCount(decoder);
  const run = runOf(experiment);
  using _lock = await run.lock({ say });
  if (!overwrite) await checkFree(run);
  await run.writeImported(config, {
    tokenizer,
    weights,
    learningRate: config.training.learningRate,
    featureShape,
    parameters,
    files: await filesOf(request),
    notes,
    trainedOn,
  });
  return { run, config, parameters, notes };
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
  const options = tokenizerOptions(overrides);
  const found: string[] = [];
  const { tokenizer, notes: own } = importTokenizer(file, options);
  found.push(...own);
  if (tokenizer.vocabularySize === model.vocabularySize) {
    notes.push(...found);
    return tokenizer;
  }
  const whole = withoutLimit(file);
  const other = whole === undefined ? undefined : importTokenizer(whole, options);
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
      `${path} has one of ${model.vocabularySize}: they are not of the same ` +
      "training; import the tokenizer that the model was trained with",
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

function checkGiven({ features, model: { model, path } }: ImportRequest): void {
  if (features === undefined) return;
  const { featureShape } = features.features;
  if (String(featureShape) === String(model.featureShape)) return;
  throw new RangeError(
    `${features.path} has features of the shape ${shapeText(featureShape)}, but the model in ` +
      `${path} takes ${shapeText(model.featureShape)}`,
  );
}

async function checkFree(run: Run): Promise<void> {
  if (!await exists(run.folder)) return;
  throw new Error(
    `There is a run in ${run.folder} already: give this one another --name, or --overwrite it`,
  );
}

/** The files that the run is made from; names alone, since it may be copied elsewhere. */
async function filesOf({ model, tokenizer, features }: ImportRequest) {
  const files = [model, tokenizer, features].filter((file) => file !== undefined);
  return await Promise.all(files.map(async ({ kind, path }) => ({
    kind,
    file: basename(path),
    sha256: await digestFile(path),
  })));
}
