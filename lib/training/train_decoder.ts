import * as tf from "@tensorflow/tfjs";
import { type Decoder, fittingWeights } from "../models/mod.ts";
import type { Optimizer, OptimizerFactory, Weights } from "../nn/mod.ts";
import { Random } from "../random/mod.ts";
import { applyGradients } from "./apply_gradients.ts";
import { captionBatches, type TrainingSteps } from "./batch_source.ts";
import type { CaptionSet } from "./caption_set.ts";
import type { Callback, Logs, TrainingControl } from "./callback.ts";
import { callbackStates, checkCallbackNames } from "./callback_states.ts";
import { type Checkpoint, writeCheckpoint } from "./checkpoint.ts";
import { type Gradients, gradientsOf } from "./gradients_of.ts";
import { rateFactor } from "./learning_rate_schedule.ts";
import { smoothedCrossEntropy } from "./objectives/cross_entropy.ts";
import { type Position, startOfEpoch } from "./position.ts";
import type { Ranks } from "./ranks.ts";
import { mixedInputs, readableWords, samplingProbability } from "./scheduled_sampling.ts";
import type { TrainingSettings } from "./settings.ts";
import { validationLoss } from "./validation_loss.ts";
import { WeightAverage } from "./weight_average.ts";
import type { Listener } from "../progress/mod.ts";

/** Inputs of a training. */
export interface TrainingOptions extends Listener {
  /** The network; its operations decide the arithmetic. */
  decoder: Decoder;
  /** The `training` part of the config. */
  settings: TrainingSettings;
  /** What is learned from. */
  train: CaptionSet;
  /** What the steps learn from. @default {the train captions, by cross-entropy} */
  steps?: TrainingSteps;
  /** What the validation loss is measured on; no `val_loss` without it. */
  dev?: CaptionSet;
  /** Called in this order at Keras' moments. */
  callbacks?: Callback[];
  /** The engine's Adam. */
  optimizer: OptimizerFactory;
  /** The processes that train together; without it this one trains alone. */
  ranks?: Ranks;
  /** Training resumes where this checkpoint was written. */
  from?: Checkpoint;
  /** Weights to start from without a checkpoint. @default {the decoder's initial weights} */
  initialWeights?: Weights;
  /** What the learning rate is multiplied by, by weight. @default {1 each} */
  rateFactors?: ReadonlyMap<string, number>;
  /** Digest of what the training starts from, which its checkpoints keep. @default {null} */
  belongsTo?: string | null;
}

/** Result of a training. */
export interface TrainingResult {
  /** Epochs that the model has seen, those of an earlier run counted. */
  epochs: number;
  /** Target words without padding a second, over the training steps alone. */
  wordsPerSecond: number;
  /** The weights at the end, or their average, after the callbacks' `onTrainEnd`. */
  weights: Weights;
  /** Numbers that large products were computed in; absent: float32. */
  arithmetic?: "bfloat16";
}

/** The event loop runs this often, for signals and live figures. */
const BREATH_MS = 100;

/**
 * Trains a decoder by teacher forcing over whole captions: cross-entropy, Adam.
 *
 * Order and dropout are drawn by seed, epoch and step, so that a training that resumes from a
 * checkpoint, written after whatever step, does what an undisturbed one would have done.
 *
 * @throws {RangeError} if there is nothing to train on, the checkpoint is of another network, or
 * two callbacks that keep a state have one name, or the learning rate's schedule does not fit the steps
 */
export async function trainDecoder(options: TrainingOptions): Promise<TrainingResult> {
  const { decoder, settings, train, dev, callbacks = [], from } = options;
  const { say = () => {}, onProgress = () => {}, signal } = options;
  const { rank, ranks, reduce } = options.ranks ?? { rank: 0, ranks: 1 };
  if (train.captions.length === 0) throw new RangeError("There are no captions to train on");
  checkCallbackNames(callbacks);
  const arithmetic = decoder.fused?.arithmetic === "bfloat16" ? "bfloat16" : undefined;
  const { source, objective } = stepsOf(options);
  const factor = rateFactor(settings.learningRateSchedule, source.steps(0));
  const optimizer = startOptimizer(options);
  const average = settings.weightAveraging &&
    new WeightAverage(settings.weightAveraging, optimizer, {
      from: from?.trained && from.weights,
      startsTrained: settings.from !== undefined,
    });
  const copyWeights = () => average?.weights() ?? optimizer.weights();
  const isReadable = settings.scheduledSampling &&
    readableWords(train.captions, decoder.vocabularySize);
  const ownGradients = (epoch: number, step: number): { own: Gradients; figures?: Logs } => {
    const weights = optimizer.read();
    const probability = samplingProbability(settings.scheduledSampling, epoch);
    try {
      const batch = source.batch(epoch, step, rank, ranks, weights);
      const own = gradientsOf(decoder, weights, batch, {
        objective,
        random: (path) => new Random(settings.seed, "dropout", epoch, step, ...path),
        ...isReadable && probability > 0 && {
          inputs: (batch, path) => {
            const random = new Random(settings.seed, "sampling", epoch, step, ...path);
            return mixedInputs(decoder, weights, batch, { probability, random, isReadable });
          },
        },
      });
      return { own, figures: batch.figures };
    } finally {
      tf.dispose([...weights.values()]);
    }
  };
  let position: Position = from?.position ?? startOfEpoch(0);
  let adamSteps = from?.steps ?? 0;
  const rate = (epoch: number, step: number) => control.learningRate * factor(epoch, step);
  let stopped: string | undefined;
  const control: TrainingControl = {
    learningRate: from?.learningRate ?? settings.learningRate,
    getWeights: copyWeights,
    setWeights: (weights) => {
      optimizer.setState({ ...optimizer.state(), weights });
      average?.set(weights);
    },
    saveCheckpoint: (path) => {
      const state = optimizer.state();
      const weights = average?.weights();
      return writeCheckpoint(path, {
        ...state,
        ...weights && { weights, trained: state.weights },
        position,
        learningRate: control.learningRate,
        callbacks: callbackStates(callbacks),
        belongsTo: options.belongsTo,
        arithmetic,
      });
    },
    stop: (reason) => stopped = reason,
    say,
  };
  try {
    for (const callback of callbacks) {
      await callback.onTrainBegin?.(control, from?.callbacks[callback.name]);
    }
    let words = 0;
    let milliseconds = 0;
    while (position.epoch < settings.epochs && stopped === undefined) {
      const { epoch } = position;
      for (const callback of callbacks) await callback.onEpochBegin?.(epoch);
      const steps = source.steps(epoch);
      let breath = performance.now();
      while (position.step < steps) {
        const { step, sums } = position;
        signal?.throwIfAborted();
        const began = performance.now();
        await source.prepare?.(epoch, step, rank, ranks);
        const { own, figures } = ownGradients(epoch, step);
        const all = reduce ? await reduce(own) : own;
        applyGradients(optimizer, all, {
          ...settings,
          learningRate: rate(epoch, adamSteps++),
          rateFactors: options.rateFactors,
        });
        average?.afterStep(adamSteps);
        milliseconds += performance.now() - began;
        words += all.words;
        position = {
          epoch,
          step: step + 1,
          sums: { loss: sums.loss + all.loss * all.words, words: sums.words + all.words },
        };
        const logs: Logs = { loss: all.loss, ...figures };
        for (const callback of callbacks) await callback.onStepEnd?.(step, logs);
        onProgress(`Epoch ${epoch + 1}`, step + 1, steps, `loss ${meanLoss(position).toFixed(4)}`);
        if (performance.now() - breath > BREATH_MS) {
          await new Promise((resolve) => setTimeout(resolve));
          breath = performance.now();
        }
      }
      average?.afterEpoch(epoch);
      const logs: Logs = { loss: meanLoss(position) };
      if (dev && dev.captions.length > 0) {
        logs.val_loss = await validationLoss(decoder, average ?? optimizer, dev, settings, signal);
      }
      if (settings.learningRateSchedule) logs.learning_rate = rate(epoch, adamSteps - 1);
      position = startOfEpoch(epoch + 1);
      for (const callback of callbacks) await callback.onEpochEnd?.(epoch, logs);
    }
    if (stopped !== undefined) say(stopped);
    for (const callback of callbacks) await callback.onTrainEnd?.();
    return {
      epochs: position.epoch,
      wordsPerSecond: milliseconds > 0 ? words / milliseconds * 1000 : 0,
      weights: copyWeights(),
      ...arithmetic && { arithmetic },
    };
  } catch (error) {
    if (signal?.aborted && error === signal.reason) {
      for (const callback of callbacks) await callback.onInterrupt?.();
    }
    throw error;
  } finally {
    average?.[Symbol.dispose]();
    optimizer.dispose();
  }
}

/** What the settings ask for, or what the caller gave. */
function stepsOf({ decoder, settings, train, steps }: TrainingOptions): TrainingSteps {
  if (steps !== undefined) return steps;
  if (settings.selfCritical !== undefined) {
    throw new RangeError("training.selfCritical needs steps: give those of selfCriticalSteps()");
  }
  return {
    source: captionBatches(train, decoder, settings),
    objective: smoothedCrossEntropy(settings.labelSmoothing),
  };
}

/** In nats a word, over the epoch's steps so far. */
function meanLoss({ sums }: Position): number {
  return sums.loss / sums.words;
}

/** Its own function, so that the arrays it is made from need not be in memory while training. */
function startOptimizer(
  { decoder, settings, optimizer, from, initialWeights }: TrainingOptions,
): Optimizer {
  const given = from?.trained ?? from?.weights ?? initialWeights;
  const weights = given
    ? fittingWeights(decoder, given, "The checkpoint")
    : decoder.initialWeights(settings.seed);
  const started = optimizer(weights);
  if (from) started.setState({ ...from, weights });
  return started;
}
