import { join } from "node:path";
import { type CaptionRow, readDataset } from "../datasets/mod.ts";
import { type FeatureReader, openFeatures } from "../features/mod.ts";
import { createDecoder, parameterCount } from "../models/mod.ts";
import { digestFile, lockFolder, removeLeftovers, writeFileWhole } from "../storage/mod.ts";
import type { Tokenizer } from "../text/mod.ts";
import {
  type Callback,
  type CaptionSet,
  type Checkpoint,
  createCallbacks,
  readCheckpoint,
  trainDecoder,
} from "../training/mod.ts";
import { buildTokenizer } from "./build_tokenizer.ts";
import { cacheFeatures } from "./cache_features.ts";
import { checkRun, type Experiment } from "./experiment.ts";
import { prepareData } from "./prepare_data.ts";
import { isUpToDate, recordStage } from "./record.ts";

const STAGE = "train";

/** Digests of the photos that a run was trained on, a line each. */
export const TRAINED_ON = "trained_on.txt";

/** What decides a run's network besides its config, and how its training went. */
export const TRAINING = "training.json";

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
  /** Target words without padding a second, over the training steps alone. */
  wordsPerSecond: number;
}

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
  const { epochs, ...fixed } = config.training;
  const inputs = {
    captions: await digestFile(join(dataset, "captions.parquet")),
    tokenizer: await digestFile(join(run, "tokenizer.json")),
    encoderKey: features.key,
    model: config.model,
    training: fixed,
  };
  const done = { ...inputs, epochs };
  if (await isUpToDate(run, STAGE, done)) {
    const summary = await readTrainingSummary(run);
    say(`Training is done: best epoch ${summary.bestEpoch} of ${summary.epochs}`);
    return { run, ...summary };
  }
  using _lock = await lockFolder(run, { say });
  for (const folder of [run, join(run, "checkpoints")]) await removeLeftovers(folder);
  const { captions } = await readDataset(dataset);
  const reader = await openFeatures(features.folder);
  const sets = captionSets(captions, tokenizer, reader);
  const engine = await experiment.engine();
  const decoder = createDecoder(
    config.model,
    { vocabularySize: tokenizer.vocabularySize, featureShape: reader.featureShape },
    engine.fused,
  );
  const from = await checkpointToGoOnFrom(run, inputs, say);
  const callbacks = createCallbacks(config.training, run, own);
  restoreBestWeights(callbacks, from, run);
  // Says what the checkpoints that follow belong to.
  await recordStage(run, `${STAGE}-began`, inputs, []);
  await writeFileWhole(join(run, TRAINED_ON), [...new Set(sets.train.photos)].join("\n") + "\n");
  say(
    `Training ${parameterCount(decoder).toLocaleString("en")} parameters on ` +
      `${sets.train.captions.length} captions, ${config.training.batchSize} a step`,
  );
  const result = await trainDecoder({
    decoder,
    settings: config.training,
    train: sets.train,
    dev: sets.dev,
    callbacks: [...callbacks.slice(0, -1), sayEpochs(epochs, say), callbacks.at(-1)!],
    optimizer: engine.optimizer,
    from,
    say,
    signal,
    onProgress: (step, steps, epoch) => onProgress(`Epoch ${epoch + 1}`, step, steps),
  });
  const summary: TrainingSummary = {
    encoderKey: features.key,
    featureShape: [...reader.featureShape],
    parameters: parameterCount(decoder),
    epochs: result.epochs,
    bestEpoch: readCheckpoint(join(run, BEST)).epoch + 1,
    wordsPerSecond: result.wordsPerSecond,
  };
  await writeFileWhole(join(run, TRAINING), JSON.stringify(summary, null, 2) + "\n");
  await recordStage(run, STAGE, done, [BEST, "history.jsonl", TRAINED_ON, TRAINING]);
  return { run, ...summary };
}

/** The best checkpoint in a run's folder. */
export const BEST = "checkpoints/best.safetensors";

const LAST = "checkpoints/last.safetensors";

/** What a run tells about its training. */
export async function readTrainingSummary(run: string): Promise<TrainingSummary> {
  try {
    return JSON.parse(await Deno.readTextFile(join(run, TRAINING)));
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new Error(`The run in ${run} is not trained to its end: train it first`);
  }
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

async function checkpointToGoOnFrom(
  run: string,
  inputs: unknown,
  say: (line: string) => void,
): Promise<Checkpoint | undefined> {
  try {
    await Deno.stat(join(run, LAST));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
  if (!await isUpToDate(run, `${STAGE}-began`, inputs)) {
    say("Captions, tokenizer or features have changed since this run was trained: it starts anew");
    await Deno.remove(join(run, "checkpoints"), { recursive: true });
    return undefined;
  }
  const checkpoint = readCheckpoint(join(run, LAST));
  say(`Going on after epoch ${checkpoint.epoch + 1}`);
  return checkpoint;
}

/** EarlyStopping's best weights are those of the best checkpoint, where it watches the same figure. */
function restoreBestWeights(
  callbacks: Callback[],
  from: Checkpoint | undefined,
  run: string,
): void {
  const stopping = callbacks.find(({ name }) => name === "EarlyStopping");
  const state = from?.callbacks.EarlyStopping as { bestEpoch: number | null } | undefined;
  if (stopping === undefined || state?.bestEpoch == null) return;
  const best = readCheckpoint(join(run, BEST));
  if (best.epoch === state.bestEpoch) {
    (stopping as Callback & { bestWeights?: unknown }).bestWeights = best.weights;
  }
}

function sayEpochs(epochs: number, say: (line: string) => void): Callback {
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
