import { join } from "node:path";
import { type CaptionRow, readDataset } from "../datasets/mod.ts";
import { type FeatureReader, openFeatures } from "../features/mod.ts";
import { createDecoder, parameterCount } from "../models/mod.ts";
import { lockFolder, removeLeftovers } from "../storage/mod.ts";
import type { Tokenizer } from "../text/mod.ts";
import {
  type Callback,
  type CaptionSet,
  createCallbacks,
  readCheckpoint,
  trainDecoder,
  unigramLoss,
} from "../training/mod.ts";
import { type Weights } from "../nn/mod.ts";
import { buildTokenizer } from "./build_tokenizer.ts";
import { cacheFeatures } from "./cache_features.ts";
import { checkRun, type Experiment } from "./experiment.ts";
import { freeMemory } from "./free_memory.ts";
import { prepareData } from "./prepare_data.ts";
import {
  beginTraining,
  BEST,
  bestEpoch,
  callbackPaths,
  checkpointToGoOnFrom,
  finishTraining,
  isTrained,
  readTrainingSummary,
  trainingInputs,
  type TrainingSummary,
} from "./training_record.ts";

/** What stage 4 made. */
export interface Trained extends TrainingSummary {
  /** The run's folder. */
  run: string;
}

/** Options of {@linkcode train}. */
export interface TrainOptions {
  /** Deletes the run of this name, by whatever config it was made, and starts anew. Default false. */
  overwrite?: boolean;
  /** The user's own callbacks, called before the others. */
  callbacks?: Callback[];
}

/** Stage 4: features, tokenizer, captions → `checkpoints/`, `history.jsonl`. */
export async function train(
  experiment: Experiment,
  { overwrite = false, callbacks: own = [] }: TrainOptions = {},
): Promise<Trained> {
  const { config, say, signal, onProgress } = experiment;
  if (!overwrite) await checkRun(experiment); // before any work
  // Before the tokenizer: an encoder that cannot start leaves no run behind, and deletes none.
  const features = await cacheFeatures(experiment);
  const { run, tokenizer } = await buildTokenizer(experiment, overwrite);
  const { folder: dataset } = await prepareData(experiment);
  const { epochs } = config.training;
  const inputs = await trainingInputs(config, run, dataset, features.key);
  if (await isTrained(run, inputs, epochs)) {
    const summary = await readTrainingSummary(run);
    say(`Training is done: best epoch ${summary.bestEpoch} of ${summary.epochs}`);
    return { run, ...summary };
  }
  using _lock = await lockFolder(run, { say });
  for (const folder of [run, join(run, "checkpoints")]) await removeLeftovers(folder);
  const reader = await openFeatures(features.folder);
  const sets = await readCaptionSets(dataset, tokenizer, reader);
  const engine = await experiment.engine();
  const decoder = createDecoder(
    config.model,
    { vocabularySize: tokenizer.vocabularySize, featureShape: reader.featureShape },
    engine.fused,
  );
  const from = await checkpointToGoOnFrom(run, inputs, say);
  const callbacks = createCallbacks(config.training, callbackPaths(run), own);
  await beginTraining(run, inputs, sets.train.photos, config.training.from);
  say(
    `Training ${parameterCount(decoder).toLocaleString("en")} parameters on ` +
      `${sets.train.captions.length} captions, ${config.training.batchSize} a step`,
  );
  const { vocabularySize } = tokenizer;
  const unigram = unigramLoss(sets.train.captions, sets.dev.captions, vocabularySize);
  if (unigram !== undefined) {
    say(
      `Word frequencies alone give a loss of ${figure(unigram)} on dev: val_loss has to get below`,
    );
  }
  const result = await trainDecoder({
    decoder,
    settings: config.training,
    train: sets.train,
    dev: sets.dev,
    callbacks: [...callbacks.slice(0, -1), sayEpochs(epochs, say), callbacks.at(-1)!],
    optimizer: engine.optimizer,
    from,
    initialWeights: weightsToStartFrom(config.training.from),
    say,
    signal,
    onProgress,
  });
  const summary: TrainingSummary = {
    encoderKey: features.key,
    featureShape: [...reader.featureShape],
    parameters: parameterCount(decoder),
    epochs: result.epochs,
    bestEpoch: bestEpoch(run),
    unigramLoss: unigram,
    wordsPerSecond: result.wordsPerSecond,
  };
  await finishTraining(run, inputs, epochs, summary);
  return { run, ...summary };
}

/**
 * Captions as word indices with their photos' features, for training and for validation.
 *
 * @throws {Error} if no train caption has a photo with a feature
 */
export function captionSets(
  captions: readonly CaptionRow[],
  tokenizer: Tokenizer,
  features: FeatureReader,
): { train: CaptionSet; dev: CaptionSet } {
  const set = (split: string): CaptionSet => {
    const rows = captions.filter((row) => row.split === split && features.has(row.digest));
    return {
      captions: rows.map(({ caption }) => tokenizer.encode(caption)),
      photos: rows.map(({ digest }) => digest),
      features,
    };
  };
  const sets = { train: set("train"), dev: set("dev") };
  if (sets.train.captions.length === 0) {
    throw new Error("No caption of the train split has a photo that could be read");
  }
  return sets;
}

function weightsToStartFrom(run: string | undefined): Weights | undefined {
  return run === undefined ? undefined : readCheckpoint(join(run, BEST)).weights;
}

/**
 * The caption sets of a prepared data set; its rows are gone from memory when training begins.
 *
 * @param dataset its folder
 * @throws {Error} if no train caption has a photo with a feature
 */
export async function readCaptionSets(
  dataset: string,
  tokenizer: Tokenizer,
  features: FeatureReader,
): Promise<{ train: CaptionSet; dev: CaptionSet }> {
  const sets = captionSets((await readDataset(dataset)).captions, tokenizer, features);
  freeMemory();
  return sets;
}

function sayEpochs(epochs: number, say: Experiment["say"]): Callback {
  return {
    name: "Say",
    onEpochEnd(epoch, logs) {
      const figures = Object.entries(logs).map(([name, value]) => `${name} ${figure(value)}`);
      say(`Epoch ${epoch + 1}/${epochs}: ${figures.join(", ")}`);
    },
  };
}

function figure(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(4)));
}
