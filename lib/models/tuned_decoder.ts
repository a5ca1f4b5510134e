import type * as tf from "@tensorflow/tfjs";
import type { FusedOps, WeightTensors } from "../nn/mod.ts";
import type { Decoder } from "./decoder.ts";

/** The last layers of an encoder, which are trained with a decoder. */
export interface FeatureLayers {
  /** Name and shape of every weight; none of them a decoder's. */
  readonly weightShapes: ReadonlyMap<string, number[]>;
  /** Roughly how many numbers a training step keeps of a photo until its gradients are known. */
  readonly activations: number;
  /** What the decoder reads of photos, differentiable. @param input what is cached of them */
  apply(weights: WeightTensors, input: tf.Tensor, fused?: FusedOps): tf.Tensor;
}

/**
 * A decoder together with the last layers of its encoder: it takes what is cached before these, and
 * its weights are those of both.
 *
 * @param trained whether training changes the layers, too
 */
export function tunedDecoder(decoder: Decoder, layers: FeatureLayers, trained: boolean): Decoder {
  const { kind, vocabularySize, decodingCost, maxWords, fused } = decoder;
  const features = (weights: WeightTensors, input: tf.Tensor) =>
    layers.apply(weights, input, fused);
  return {
    ...{ kind, vocabularySize, decodingCost, maxWords, fused },
    weightShapes: new Map([...layers.weightShapes, ...decoder.weightShapes]),
    frozen: trained ? decoder.frozen : new Set([...decoder.frozen, ...layers.weightShapes.keys()]),
    initialWeights() {
      throw new Error("Layers of an encoder do not start at random: give weights to start from");
    },
    activations: (words) => decoder.activations(words),
    photoActivations: layers.activations,
    forward: (weights, batch, ...rest) =>
      decoder.forward(weights, { ...batch, features: features(weights, batch.features) }, ...rest),
    head: (weights) => decoder.head(weights),
    penalty: (weights) => decoder.penalty(weights),
    start: (weights, input) => decoder.start(weights, features(weights, input)),
    step: (...given) => decoder.step(...given),
  };
}
