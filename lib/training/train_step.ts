import * as tf from "@tensorflow/tfjs";
import type { CaptionBatch, Decoder } from "../models/mod.ts";
import { Random } from "../random/mod.ts";
import { captionBatch, type CaptionSet, disposeBatch } from "./batches.ts";
import { clipByGlobalNorm, type Optimizer } from "../nn/mod.ts";
import { crossEntropy } from "./objectives/cross_entropy.ts";
import type { TrainingSettings } from "./settings.ts";

/** What a step is done by. */
export interface StepOptions extends Pick<TrainingSettings, "clipNorm" | "seed"> {
  /** Of this step. */
  learningRate: number;
  /** What the masks of dropout are drawn from besides the seed. */
  dropout: (string | number)[];
}

/**
 * One step of training: forward, backward, update.
 *
 * A batch in several parts gives the update that it would give at once, up to rounding and, where
 * there is dropout, to its masks: gradients are added up, each part weighted by its words.
 *
 * @param parts indices of captions; one part is a batch worked through at once
 * @returns mean loss of a word in nats, the penalty not counted, and the number of words
 */
export function trainStep(
  decoder: Decoder,
  optimizer: Optimizer,
  set: CaptionSet,
  parts: readonly (readonly number[])[],
  { clipNorm, learningRate, dropout, seed }: StepOptions,
): { loss: number; words: number } {
  const weights = optimizer.read();
  const words = parts.flat().reduce((sum, index) => sum + set.captions[index].length - 1, 0);
  let loss = 0;
  let sum: tf.Tensor[] | undefined;
  for (const [index, part] of parts.entries()) {
    const random = new Random(seed, ...dropout, ...parts.length > 1 ? [index] : []);
    const { batch, words: partWords } = captionBatch(set, part);
    const share = partWords / words;
    const found = lossAndGradients(decoder, weights, batch, random, share);
    disposeBatch(batch);
    loss += found.loss * share;
    sum = sum ? addUp(sum, found.gradients) : found.gradients;
  }
  const gradients = clipped(sum!, clipNorm);
  // Before the update: a weight that is still read somewhere would be copied, not changed.
  tf.dispose([...weights.values()]);
  optimizer.apply(
    new Map([...weights.keys()].map((name, i) => [name, gradients[i]])),
    learningRate,
  );
  tf.dispose(gradients);
  return { loss, words };
}

/** The loss of one part in nats a word, and the gradients of its share of the batch's loss. */
function lossAndGradients(
  decoder: Decoder,
  weights: Map<string, tf.Tensor>,
  batch: CaptionBatch,
  random: Random,
  share: number,
): { loss: number; gradients: tf.Tensor[] } {
  const names = [...weights.keys()];
  return tf.tidy(() => {
    let loss: tf.Scalar | undefined;
    const { grads } = tf.valueAndGrads((...tensors: tf.Tensor[]) => {
      const given = new Map(tensors.map((tensor, i) => [names[i], tensor]));
      // Kept: where something is added to it, it would be freed with all that is not the result.
      loss = tf.keep(crossEntropy(decoder, given, batch, random));
      const penalty = decoder.penalty(given);
      const whole = penalty ? tf.add(loss, penalty) as tf.Scalar : loss;
      return share === 1 ? whole : tf.mul(whole, share);
    })([...weights.values()]);
    const value = loss!.dataSync()[0];
    loss!.dispose();
    return { loss: value, gradients: grads };
  });
}

/** Uses up both. */
function addUp(sum: tf.Tensor[], more: tf.Tensor[]): tf.Tensor[] {
  return sum.map((gradient, i) => {
    const total = tf.add(gradient, more[i]);
    tf.dispose([gradient, more[i]]);
    return total;
  });
}

/** Uses up the gradients that it does not give back. */
function clipped(gradients: tf.Tensor[], limit: number | null): tf.Tensor[] {
  if (limit === null) return gradients;
  const result = clipByGlobalNorm(gradients, limit);
  if (result !== gradients) tf.dispose(gradients);
  return result;
}
