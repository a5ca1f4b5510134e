import * as tf from "@tensorflow/tfjs";
import type { AddLoss, CaptionBatch, Decoder } from "../models/mod.ts";
import type { WeightTensors } from "../nn/mod.ts";
import type { Random } from "../random/mod.ts";
import type { StepBatch } from "./batch_source.ts";
import { disposeBatch } from "./batch_tensors.ts";
import type { Objective } from "./objectives/objective.ts";

/**
 * What a step learns from, or a rank's share of it. The shares of all ranks, each field added up,
 * are the whole step's.
 */
export interface Gradients {
  /** By weight, those that the decoder freezes left out: gradients of loss and penalty, weighted by the share of the step's words. */
  sums: Map<string, tf.Tensor>;
  /** Words predicted. */
  words: number;
  /** Loss in nats a word, without the penalty, weighted likewise. */
  loss: number;
}

/** What a loss is computed by. */
export interface GradientOptions {
  /** What training minimises. */
  objective: Objective;
  /** Where a part's masks of dropout come from. @param path which part of the step it is */
  random: (path: readonly (string | number)[]) => Random;
  /**
   * What is read in place of a part's words [time, captions], disposed of with the part. @default {its
   * own}
   */
  inputs?: (batch: CaptionBatch, path: readonly (string | number)[]) => tf.Tensor2D;
}

/**
 * Gradients of one step, or of a rank's share of it; nothing is changed. The caller disposes of
 * `sums`.
 *
 * The share of each part is known beforehand. So it counts by its words / all words, or what its
 * source says, from the start, and nothing is divided afterwards: parts and ranks are simply added up, the
 * penalty on the weights counts once, and a batch in one part has the gradients of its mean loss.
 * A batch in several parts gives what it would give at once, up to rounding and, where there is
 * dropout, to its masks.
 */
export function gradientsOf(
  decoder: Decoder,
  weights: WeightTensors,
  { parts, words }: StepBatch,
  { objective, random, inputs }: GradientOptions,
): Gradients {
  let all: Gradients | undefined;
  for (const part of parts) {
    const share = part.share ?? part.words / words;
    const batch = part.read();
    try {
      if (inputs) {
        const read = inputs(batch, part.path);
        batch.inputs.dispose();
        batch.inputs = read;
      }
      const lossOf = (given: WeightTensors, addLoss: AddLoss) =>
        objective(decoder, given, batch, random(part.path), addLoss);
      const { loss, gradients } = lossAndGradients(decoder, weights, lossOf, share);
      const found = { sums: gradients, words: part.words, loss: loss * share };
      all = all ? sumGradients(all, found) : found;
    } finally {
      disposeBatch(batch);
    }
  }
  return all ?? { sums: zeros(trained(decoder, weights)), words: 0, loss: 0 };
}

/** Adds up what parts or ranks found; uses up both. */
export function sumGradients(some: Gradients, more: Gradients): Gradients {
  const sums = new Map([...some.sums].map(([name, gradient]) => {
    const sum = tf.add(gradient, more.sums.get(name)!);
    tf.dispose([gradient, more.sums.get(name)!]);
    return [name, sum];
  }));
  return { sums, words: some.words + more.words, loss: some.loss + more.loss };
}

/** A loss in nats a word, and the gradients of its share together with those of the penalties. */
function lossAndGradients(
  decoder: Decoder,
  weights: WeightTensors,
  lossOf: (weights: WeightTensors, addLoss: AddLoss) => tf.Scalar,
  share: number,
): { loss: number; gradients: Map<string, tf.Tensor> } {
  const learned = trained(decoder, weights);
  const names = [...learned.keys()];
  const found = tf.tidy(() => {
    let loss: tf.Scalar | undefined;
    const { grads } = tf.valueAndGrads((...tensors: tf.Tensor[]) => {
      const given = new Map([
        ...weights,
        ...tensors.map((x, i): [string, tf.Tensor] => [names[i], x]),
      ]);
      // Kept: where something is added to it, it would be freed with all that is not the result.
      const penalties: tf.Scalar[] = [];
      loss = tf.keep(lossOf(given, (penalty) => penalties.push(penalty)));
      const onWeights = decoder.penalty(given);
      if (onWeights) penalties.push(onWeights);
      const whole = penalties.reduce((sum, penalty) => tf.add(sum, penalty) as tf.Scalar, loss);
      return share === 1 ? whole : tf.mul(whole, share);
    })([...learned.values()]);
    const value = loss!.dataSync()[0];
    loss!.dispose();
    return { loss: value, gradients: grads };
  });
  return {
    loss: found.loss,
    gradients: new Map(names.map((name, i) => [name, found.gradients[i]])),
  };
}

/** The weights that training changes. */
function trained({ frozen }: Decoder, weights: WeightTensors): WeightTensors {
  return new Map([...weights].filter(([name]) => !frozen.has(name)));
}

function zeros(weights: WeightTensors): Map<string, tf.Tensor> {
  return new Map([...weights].map(([name, weight]) => [name, tf.zerosLike(weight)]));
}
