import { dirname, join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { createDecoder } from "../../lib/models/mod.ts";
import { beginTraining, finishTraining, trainingInputs } from "../../lib/stages/mod.ts";
import {
  type Callback,
  type CaptionSet,
  trainDecoder,
  type TrainingSettings,
  validationLoss,
} from "../../lib/training/mod.ts";
import type { Peak, Prepared } from "./passes.ts";

const BEST = "checkpoints/best.safetensors";

/** Batches trained and validated on at every size. */
const STEPS = 10;

/** What training some steps took. */
export interface SomeTraining {
  /** Seconds a caption in a step, feature reading included. */
  train: number;
  /** Seconds a caption in validation. */
  validate: number;
  /** Seconds of a step whose 64 captions are all as long as the longest. */
  longestStep: number;
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
  const checkpoint = join(run, BEST);
  await Deno.mkdir(dirname(checkpoint), { recursive: true });
  const epochs: number[] = [];
  const epochOf = async (train: CaptionSet, settings: Partial<TrainingSettings>) => {
    let began = 0;
    const clock: Callback = {
      name: "clock",
      onTrainBegin: (control) => void (save = () => control.saveCheckpoint(checkpoint)),
      onEpochBegin: () => void (began = performance.now()),
      onEpochEnd: () => void epochs.push((performance.now() - began) / 1000),
      onTrainEnd: () => save(),
    };
    let save: () => Promise<void>;
    await trainDecoder({
      decoder,
      settings: { ...config.training, ...settings },
      train,
      callbacks: [clock],
      optimizer: engine.optimizer,
    });
    return epochs.splice(0).slice(1).toSorted((a, b) => a - b); // the first one warms up
  };
  const some = [...spread(sets.train.captions.length, STEPS * batchSize - 1, longest), longest];
  const [train] = (await peak("train", () => epochOf(part(sets.train, some), { epochs: 4 }))).slice(
    1,
  );
  const all = new Array(batchSize).fill(longest);
  const [longestStep] = await peak(
    "longest step",
    () => epochOf(part(sets.train, all), { epochs: 2 }),
  );
  const asked = spread(sets.dev.captions.length, Math.min(STEPS * batchSize, 200));
  const validate = await peak("validate", async () => {
    const weights = decoder.initialWeights(1);
    const read = () =>
      new Map([...weights].map(([n, { data, shape }]) => [n, tf.tensor(data, shape)]));
    const once = async () => {
      const began = performance.now();
      await validationLoss(decoder, { read }, part(sets.dev, asked), config.training);
      return (performance.now() - began) / 1000;
    };
    await once();
    return [await once(), await once(), await once()].toSorted((a, b) => a - b)[1];
  });
  return {
    checkpoint,
    training: {
      train: train / some.length,
      validate: validate / asked.length,
      longestStep,
    },
  };
}

/** Makes of a prepared data set and a checkpoint a run that can be evaluated. */
export async function leaveRun(
  { experiment: { config }, dataset, key, run, sets }: Prepared,
  checkpoint: string,
): Promise<void> {
  const inputs = await trainingInputs(config, run, dataset, key);
  const best = join(run, BEST);
  await Deno.mkdir(dirname(best), { recursive: true });
  if (checkpoint !== best) await Deno.copyFile(checkpoint, best);
  await beginTraining(run, inputs, sets.train.photos);
  await Deno.writeTextFile(join(run, "history.jsonl"), "");
  await finishTraining(run, inputs, config.training.epochs, {
    encoderKey: key,
    featureShape: [...sets.train.features.featureShape],
    parameters: 0,
    epochs: 1,
    bestEpoch: 1,
    wordsPerSecond: 0,
  });
}

/** So many places of a list, evenly, without one of them. */
function spread(length: number, count: number, without = -1): number[] {
  const places = Array.from({ length: count }, (_, i) => Math.floor((i + 0.5) * length / count));
  return places.map((place) => place === without ? (place + 1) % length : place);
}

function part(set: CaptionSet, indices: readonly number[]): CaptionSet {
  return {
    captions: indices.map((i) => set.captions[i]),
    photos: indices.map((i) => set.photos[i]),
    features: set.features,
  };
}
