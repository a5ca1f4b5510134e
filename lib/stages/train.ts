import type { ConfigEncoder } from "../config/mod.ts";
import type { TrainableLayers } from "../encoders/mod.ts";
import { flippedDigest, openFeatures } from "../features/mod.ts";
import { parameterCount } from "../models/mod.ts";
import { Run, type TrainingSummary } from "../run/mod.ts";
import { removeLeftovers, showBytes } from "../storage/mod.ts";
import { counted, type Tokenizer } from "../text/mod.ts";
import {
  type Callback,
  type CaptionSet,
  createCallbacks,
  ModelCheckpoint,
  trainDecoder,
  type TrainingSettings,
  unigramLoss,
} from "../training/mod.ts";
import { augmentedSet } from "./augmented_set.ts";
import { captionSets } from "./caption_sets.ts";
import { checkCaptionLengths } from "./check_caption_lengths.ts";
import { knownFeatureShape } from "./check_features.ts";
import { checkFineTuning, checkGradients } from "./check_fine_tuning.ts";
import { checkMemory } from "./check_memory.ts";
import { devScorer } from "./dev_scorer.ts";
import { EpochTable } from "./epoch_table.ts";
import { type Experiment, runOf } from "./experiment.ts";
import { freeMemory } from "./free_memory.ts";
import { stepsOf, trainReward } from "./self_critical.ts";
import { startingWeights } from "./starting_weights.ts";
import { rateFactors, runDecoder, tunedCut, tunedLayers } from "./tuned_layers.ts";
import { trainingInputs, type TrainingParts } from "./training_inputs.ts";
import { trainingOps } from "./training_ops.ts";
import { fewDevPhotos, littleLearned } from "./training_warnings.ts";

/**
 * Checks before any work what stage 4 would refuse of the config.
 *
 * @throws {RangeError} if no epoch will report what a callback monitors, the decoder does not take the
 * encoder's features, or it is larger than this machine's memory
 */
export function checkTraining(
  { config, data }: Pick<Experiment, "config" | "data">,
  own?: Callback[],
) {
  createCallbacks(config.training, runOf({ config, data }).paths, { own });
  checkFineTuning(config);
  const featureShape = knownFeatureShape(config.encoder);
  if (featureShape === undefined) return; // stage 4 will see
  checkMemory(runDecoder(config, { vocabularySize: 4, featureShape })); // at least
}

/** What stage 4 made. */
export interface Trained extends TrainingSummary {
  /** The run. */
  run: Run;
}

/**
 * Stage 4: features, tokenizer, captions → the run's checkpoints and history. While it trains, no
 * caption of the train split is in memory but as word indices. Call it under the run's lock.
 *
 * @param own the user's own callbacks, called before the others
 */
export async function train(
  experiment: Experiment,
  parts: TrainingParts & { tokenizer: Tokenizer },
  own: Callback[] = [],
): Promise<Trained> {
  const { config, say, signal, onProgress } = experiment;
  const { prepared, features, run, tokenizer } = parts;
  const inputs = await trainingInputs(experiment, parts);
  if (await run.isTrained(inputs, say)) {
    const summary = await run.readTraining();
    say(`Training is done: best epoch ${summary.bestEpoch} of ${summary.epochs}`);
    return { run, ...summary };
  }
  for (const folder of [run.folder, run.paths.checkpoints]) await removeLeftovers(folder);
  const reader = await openFeatures(features.folder, features);
  const sets = await captionSets(prepared, tokenizer, reader);
  const reward = await trainReward(config.training, prepared, tokenizer);
  // Before the run's record is taken back: a shard that was altered since stage 2 costs no run.
  const flipped = config.training.flipPhotos ? sets.train.photos.map(flippedDigest) : [];
  await reader.check([...sets.train.photos, ...flipped, ...sets.dev.photos]);
  await prepared.keep("dev", "test"); // what the evaluation may need
  freeMemory();
  const engine = await experiment.engine();
  checkGradients(config, engine);
  const { featureShape } = reader;
  const { vocabularySize } = tokenizer;
  const fused = await trainingOps(experiment, run, inputs);
  const decoder = runDecoder(config, { vocabularySize, featureShape }, fused);
  checkMemory(decoder);
  checkCaptionLengths(decoder, sets);
  const before = await run.readTraining().catch(() => undefined);
  const resumed = await run.checkpointToResume(inputs, say);
  const hasDev = sets.dev.captions.length > 0;
  const scorer = await devScorer(experiment, { prepared, tokenizer, features: reader, decoder });
  const callbacks = createCallbacks(config.training, run.paths, { hasDev, own, scorer, say });
  const { epochs } = config.training;
  const from = config.training.from === undefined ? undefined : new Run(config.training.from);
  // Before the run's record is taken back: these files may be damaged.
  const initialWeights = resumed === undefined
    ? await startingWeights(experiment, { decoder, tokenizer, encoderKey: features.key })
    : undefined;
  const belongsTo = await run.beginTraining(inputs, sets.train.photos, from);
  const parameters = parameterCount(decoder);
  const tuned = tunedLayers(config.encoder);
  say(
    `Training ${parameters.toLocaleString("en")} parameters on ` +
      learnedFrom(config.training, sets.train) +
      (tuned === undefined ? "" : tunedWords(config.encoder, tuned)) +
      (config.training.weightAveraging === undefined
        ? ""
        : `; their average takes ${showBytes(4 * parameters)} more`),
  );
  // What is trained for the metric has another loss: val_loss rises.
  const unigram = config.training.selfCritical
    ? undefined
    : unigramLoss(sets.train.captions, sets.dev.captions, vocabularySize);
  if (unigram !== undefined) {
    say(
      `Word frequencies alone give a loss of ${
        unigram.toFixed(4)
      } on dev: val_loss should be lower`,
    );
  }
  const few = fewDevPhotos(sets.dev.photos);
  if (few !== undefined) say(few);
  await using seen = await augmentedSet(experiment, sets.train, { prepared, features });
  const table = new EpochTable(epochs, (epoch) => bestEpoch(callbacks) === epoch, say);
  const result = await trainDecoder({
    decoder,
    settings: config.training,
    train: seen.set,
    steps: stepsOf(config.training, { set: sets.train, decoder, tokenizer, reward }),
    dev: sets.dev,
    callbacks: table.around(callbacks),
    optimizer: engine.optimizer,
    from: resumed,
    initialWeights,
    rateFactors: rateFactors(config),
    belongsTo,
    say: table.say,
    signal,
    onProgress,
  }).finally(() => table.flush());
  if (bestEpoch(callbacks) === null) {
    throw new RangeError(
      `No epoch was kept as the best of ${run.folder}: the figure of training.checkpoint.monitor ` +
        "never beat training.checkpoint.initialValueThreshold, or was never a number: set another " +
        "threshold, or a lower training.learningRate",
    );
  }
  const summary = await run.finishTraining(inputs, {
    featureShape,
    oneDnn: features.oneDnn,
    parameters,
    epochs: result.epochs,
    unigramLoss: unigram,
    // Nothing is left to train where only a damaged file was restored.
    wordsPerSecond: result.wordsPerSecond || before?.wordsPerSecond || 0,
    arithmetic: result.arithmetic,
  });
  const little = littleLearned(unigram, await run.readHistory());
  if (little !== undefined) say(little);
  return { run, ...summary };
}

/** What an epoch and a step learn from, in words. */
function learnedFrom(
  { batchSize, selfCritical }: TrainingSettings,
  { captions, photos }: CaptionSet,
): string {
  if (selfCritical === undefined) {
    return `${counted(captions.length, "caption")}, ${batchSize} a step`;
  }
  const each = counted(selfCritical.samples, "sampled caption");
  return `${each} of each of ${counted(new Set(photos).size, "photo")}, ${selfCritical.photos} ` +
    "photos a step";
}

/** What of the encoder is trained too, in words. */
function tunedWords(encoder: ConfigEncoder, layers: TrainableLayers): string {
  const { kind, after, layer, learningRate } = tunedCut(encoder)!;
  const own = parameterCount(layers).toLocaleString("en");
  return `; ${own} of them are ${kind}'s after "${after}", up to "${layer}", ` +
    (learningRate > 0 ? `at a learning rate of ${learningRate}` : "which stay as they are");
}

/** The best epoch so far, counted from 0, of the callback that keeps its checkpoint. */
function bestEpoch(callbacks: readonly Callback[]): number | null | undefined {
  return callbacks.find((callback) => callback instanceof ModelCheckpoint)?.bestEpoch;
}
