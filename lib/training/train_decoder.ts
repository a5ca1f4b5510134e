import * as tf from "@tensorflow/tfjs";
import type { Decoder } from "../models/mod.ts";
import { type Optimizer, type OptimizerFactory, PlainAdam, type Weights } from "../nn/mod.ts";
import { Random } from "../random/mod.ts";
import { batchParts } from "./batch_parts.ts";
import { type CaptionSet, firstBatches, planBatches } from "./batches.ts";
import type { Callback, Logs, TrainingControl } from "./callback.ts";
import { type Checkpoint, writeCheckpoint } from "./checkpoint.ts";
import type { TrainingSettings } from "./settings.ts";
import { trainStep } from "./train_step.ts";
import { validationLoss } from "./validation_loss.ts";
import type { Listener } from "../listener/mod.ts";

/** What a training needs. */
export interface TrainingOptions extends Listener {
  /** The network. */
  decoder: Decoder;
  /** The `training` part of the config. */
  settings: TrainingSettings;
  /** What is learned from. */
  train: CaptionSet;
  /** What the validation loss is measured on; no `val_loss` without it. */
  dev?: CaptionSet;
  /** Called in this order at Keras' moments. */
  callbacks?: Callback[];
  /** The engine's Adam, if it has one of its own. */
  optimizer?: OptimizerFactory;
  /** Goes on after the epoch of this checkpoint. */
  from?: Checkpoint;
  /** Weights to start from where there is no such checkpoint; the decoder's initial ones without. */
  initialWeights?: Weights;
}

/** What came of a training. */
export interface TrainingResult {
  /** Epochs that the model has seen, those of an earlier run counted. */
  epochs: number;
  /** Target words without padding a second, over the training steps alone. */
  wordsPerSecond: number;
  /** The weights at the end, after callbacks had their say. */
  weights: Weights;
}

/** The JavaScript thread takes a breath this often, for signals and live figures. */
const BREATH_MS = 100;

/**
 * Trains a decoder by teacher forcing over whole captions: cross-entropy, Adam.
 *
 * Order and dropout are drawn by seed, epoch and step, so that a training that
 * goes on from a checkpoint does what an undisturbed one would have done.
 *
 * @throws {RangeError} if there is nothing to train on, or the checkpoint is of another network
 */
export async function trainDecoder(options: TrainingOptions): Promise<TrainingResult> {
  const { decoder, settings, train, dev, callbacks = [], from } = options;
  const { say = () => {}, onProgress = () => {}, signal } = options;
  if (train.captions.length === 0) throw new RangeError("There are no captions to train on");
  const optimizer = startOptimizer(options);

  let epoch = from ? from.epoch + 1 : 0;
  let reached = epoch - 1;
  let stopped: string | undefined;
  const control: TrainingControl = {
    learningRate: from?.learningRate ?? settings.learningRate,
    getWeights: () => optimizer.weights(),
    setWeights: (weights) => optimizer.setState({ ...optimizer.state(), weights }),
    saveCheckpoint: (path) => {
      const states = callbacks.flatMap(({ name, state }, i) =>
        state ? [[name, callbacks[i].state!()]] : []
      );
      return writeCheckpoint(path, {
        ...optimizer.state(),
        epoch: reached,
        learningRate: control.learningRate,
        callbacks: Object.fromEntries(states),
      });
    },
    stop: (reason) => stopped = reason,
    say,
  };
  try {
    for (const callback of callbacks) {
      const state = from?.callbacks[callback.name];
      if (state !== undefined) callback.restore?.(state);
    }
    for (const callback of callbacks) await callback.onTrainBegin?.(control);
    const lengths = train.captions.map((caption) => caption.length);
    let words = 0;
    let milliseconds = 0;
    for (; epoch < settings.epochs && stopped === undefined; epoch++) {
      reached = epoch;
      for (const callback of callbacks) await callback.onEpochBegin?.(epoch);
      const whole = planBatches(
        lengths,
        settings.batchSize,
        settings.groupByLength,
        new Random(settings.seed, "order", epoch),
      );
      const plan = settings.epochWords === null
        ? whole
        : firstBatches(whole, lengths, new Set(train.photos).size);
      let epochLoss = 0;
      let epochWords = 0;
      let breath = performance.now();
      for (const [index, indices] of plan.entries()) {
        signal?.throwIfAborted();
        const began = performance.now();
        const parts = batchParts(indices, (i) => lengths[i], decoder, settings.maxActivations);
        const step = trainStep(decoder, optimizer, train, parts, {
          clipNorm: settings.clipNorm,
          learningRate: control.learningRate,
          dropout: ["dropout", epoch, index],
          seed: settings.seed,
        });
        milliseconds += performance.now() - began;
        epochLoss += step.loss * step.words;
        epochWords += step.words;
        const logs: Logs = { loss: step.loss };
        for (const callback of callbacks) await callback.onStepEnd?.(index, logs);
        onProgress(`Epoch ${epoch + 1}`, index + 1, plan.length);
        if (performance.now() - breath > BREATH_MS) {
          await new Promise((resolve) => setTimeout(resolve));
          breath = performance.now();
        }
      }
      words += epochWords;
      const logs: Logs = { loss: epochLoss / epochWords };
      if (dev && dev.captions.length > 0) {
        logs.val_loss = await validationLoss(decoder, optimizer, dev, settings, signal);
      }
      for (const callback of callbacks) await callback.onEpochEnd?.(epoch, logs);
    }
    if (stopped !== undefined) say(stopped);
    for (const callback of callbacks) await callback.onTrainEnd?.();
    return {
      epochs: epoch,
      wordsPerSecond: milliseconds > 0 ? words / milliseconds * 1000 : 0,
      weights: optimizer.weights(),
    };
  } finally {
    optimizer.dispose();
  }
}

/** Its own function, so that the arrays it is made from need not be in memory while training. */
function startOptimizer(
  { decoder, settings, optimizer, from, initialWeights }: TrainingOptions,
): Optimizer {
  const given = from?.weights ?? initialWeights;
  const weights = given ? weightsOf(decoder, given) : decoder.initialWeights(settings.seed);
  const started = optimizer?.(weights) ?? new PlainAdam(weights);
  if (from) started.setState(from);
  return started;
}

/** Given weights in the decoder's order, on which sums over all gradients depend. */
function weightsOf(decoder: Decoder, weights: Weights): Weights {
  const names = [...decoder.weightShapes.keys()];
  const other = [...weights.keys()].find((name) => !decoder.weightShapes.has(name));
  if (other !== undefined) {
    throw new RangeError(`The checkpoint is of another network: this one has no "${other}"`);
  }
  return new Map(names.map((name) => {
    const [shape, weight] = [decoder.weightShapes.get(name)!, weights.get(name)];
    if (weight !== undefined && tf.util.arraysEqual(weight.shape, shape)) return [name, weight];
    throw new RangeError(
      `The checkpoint is of another network: "${name}" has shape [${shape}] here, ` +
        (weight ? `but [${weight.shape}] there` : "but is not there"),
    );
  }));
}
