import { dirname } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { createDecoder, type Decoder } from "../../lib/models/mod.ts";
import { trainingInputs } from "../../lib/stages/mod.ts";
import {
  type Callback,
  captionBatches,
  type CaptionSet,
  trainDecoder,
  type TrainingSettings,
  validationLoss,
} from "../../lib/training/mod.ts";
import { type Cost, medianCosts, startClock, sum } from "./clock.ts";
import type { Peak, Prepared } from "./passes.ts";

/** Batches trained and validated on at every size. */
const STEPS = 5;

/** What training some steps took. */
export interface SomeTraining {
  /** A caption in a step, its part of planning the epoch and reading its feature included. */
  train: Cost;
  /** A caption in validation. */
  validate: Cost;
  /** A step whose 64 captions are all as long as the longest. */
  longestStep: Cost;
}

/**
 * Trains on some batches from all over the train split, the longest caption among them, then on
 * one of 64 captions that are all as long as it, and validates on some of dev.
 *
 * @returns the times, and where the checkpoint is
 */
export async function trainSome(
  { experiment, run, tokenizer, sets }: Prepared,
  peak: Peak,
): Promise<{ training: SomeTraining; checkpoint: string }> {
  const { config } = experiment;
  const engine = await experiment.engine();
  const { featureShape } = sets.train.features;
  const decoder = createDecoder(
    config.model,
    { vocabularySize: tokenizer.vocabularySize, featureShape: [...featureShape] },
    engine.fused,
  );
  const { batchSize } = config.training;
  const longest = sets.train.captions.reduce(
    (best, { length }, i) => length > sets.train.captions[best].length ? i : best,
    0,
  );
  const checkpoint = run.paths.best;
  await Deno.mkdir(dirname(checkpoint), { recursive: true });
  const epochsOf = async (train: CaptionSet, epochs: number): Promise<Cost[]> => {
    const costs: Cost[] = [];
    let clock: () => Cost;
    let save: () => Promise<void>;
    const callback: Callback = {
      name: "clock",
      onTrainBegin: (control) => void (save = () => control.saveCheckpoint(checkpoint)),
      onEpochBegin: () => void (clock = startClock()),
      onEpochEnd: () => void costs.push(clock()),
      onTrainEnd: () => save(),
    };
    await trainDecoder({
      decoder,
      settings: { ...config.training, epochs },
      train,
      callbacks: [callback],
      optimizer: engine.optimizer,
    });
    return costs;
  };
  const some = [...spread(sets.train.captions.length, STEPS * batchSize - 1, longest), longest];
  // The first epoch warms up.
  const [, ...trained] = await peak("train", () => epochsOf(part(sets.train, some), 4));
  const plan = planCost(sets.train, decoder, config.training);
  const all = new Array(batchSize).fill(longest);
  const [longestStep] = await peak("longest step", () => epochsOf(part(sets.train, all), 1));
  const asked = spread(sets.dev.captions.length, Math.min(STEPS * batchSize, 200));
  const validated = await peak("validate", async () => {
    const weights = decoder.initialWeights(1);
    const read = () =>
      new Map([...weights].map(([n, { data, shape }]) => [n, tf.tensor(data, shape)]));
    const costs: Cost[] = [];
    for (let round = 0; round < 4; round++) {
      const clock = startClock();
      await validationLoss(decoder, { read }, part(sets.dev, asked), config.training);
      costs.push(clock());
    }
    return costs.slice(1);
  });
  return {
    checkpoint,
    training: {
      train: sum(each(trained, some.length), each([plan], sets.train.captions.length)),
      validate: each(validated, asked.length),
      longestStep,
    },
  };
}

/** What planning one epoch over the whole train split takes. */
function planCost(set: CaptionSet, decoder: Decoder, settings: TrainingSettings): Cost {
  const clock = startClock();
  captionBatches(set, decoder, settings).steps(0);
  return clock();
}

/** The median cost per caption. */
function each(costs: readonly Cost[], captions: number): Cost {
  const { all } = medianCosts(costs.map((all) => ({ all })));
  return { wall: all.wall / captions, cpu: all.cpu / captions };
}

/** Turns a prepared data set and a checkpoint into a run that can be evaluated. */
export async function leaveRun(
  { experiment, data, key, run, sets }: Prepared,
  checkpoint: string,
): Promise<void> {
  const inputs = await trainingInputs(experiment, { prepared: data, features: { key }, run });
  const { best, history } = run.paths;
  await Deno.mkdir(dirname(best), { recursive: true });
  if (checkpoint !== best) await Deno.copyFile(checkpoint, best);
  await run.beginTraining(inputs, sets.train.photos);
  await Deno.writeTextFile(history, "");
  await run.finishTraining(inputs, {
    featureShape: [...sets.train.features.featureShape],
    parameters: 0,
    epochs: 1,
    wordsPerSecond: 0,
  });
}

/** Evenly spread positions in a list, without one of them. */
function spread(length: number, count: number, without = -1): number[] {
  const positions = Array.from({ length: count }, (_, i) => Math.floor((i + 0.5) * length / count));
  return positions.map((position) => position === without ? (position + 1) % length : position);
}

function part(set: CaptionSet, indices: readonly number[]): CaptionSet {
  return {
    captions: indices.map((i) => set.captions[i]),
    photos: indices.map((i) => set.photos[i]),
    features: set.features,
  };
}
