import * as tf from "@tensorflow/tfjs";
import type { Weights, WeightTensors } from "../nn/mod.ts";
import type { Decoder } from "./decoder.ts";

/** The part of a decoder that makes captions. */
export type CaptionDecoder = Pick<
  Decoder,
  "vocabularySize" | "weightShapes" | "decodingCost" | "start" | "step"
>;

type NamedTensors = Record<string, tf.Tensor>;

/** A decoder of an ensemble. */
export interface EnsembleMember {
  /** The network. */
  decoder: CaptionDecoder;
  /** Its weights. */
  weights: Weights;
  /** Shape of one photo's feature. */
  featureShape: readonly number[];
  /** Which of the ensemble's features it reads, from 0; several may read the same. */
  input: number;
}

/** Several decoders as one. */
export interface Ensemble {
  /** Its logits are logs of the mean of its members' next-word probabilities. */
  decoder: CaptionDecoder;
  /** Weights of all members. */
  weights: Weights;
  /** Shape of one photo's features, side by side and flat. */
  featureShape: number[];
}

/**
 * The mean of next-word probabilities of several decoders.
 *
 * @param members at least one; the words of all have the same indices
 * @throws {RangeError} if their vocabularies have other sizes
 */
export function ensembleOf(members: readonly EnsembleMember[]): Ensemble {
  const [{ decoder: { vocabularySize } }] = members;
  for (const { decoder } of members) {
    if (decoder.vocabularySize === vocabularySize) continue;
    throw new RangeError(
      `Decoders of ${vocabularySize} and of ${decoder.vocabularySize} words have no mean: take those ` +
        "of one vocabulary",
    );
  }
  const sizes: number[] = []; // of each input
  for (const { input, featureShape } of members) {
    sizes[input] = featureShape.reduce((product, length) => product * length, 1);
  }
  const named = members.map((member, i) => ({ ...member, prefix: `${i}/` }));
  const decoder: CaptionDecoder = {
    vocabularySize,
    weightShapes: new Map(
      named.flatMap(({ decoder, prefix }) =>
        [...decoder.weightShapes].map(([name, shape]) => [prefix + name, shape] as const)
      ),
    ),
    decodingCost: members.find(({ decoder }) => decoder.decodingCost)?.decoder.decodingCost,
    start(weights, features) {
      const inputs = tf.split(features, sizes, 1);
      const starts = named.map(({ decoder, prefix, featureShape, input }) => {
        const given = tf.reshape(inputs[input], [features.shape[0], ...featureShape]);
        return { prefix, ...decoder.start(under(weights, prefix), given) };
      });
      return {
        state: joined(starts.map(({ prefix, state }) => [prefix, state])),
        photos: joined(starts.map(({ prefix, photos = {} }) => [prefix, photos])),
      };
    },
    step(weights, state, words, { photos, groups }) {
      const steps = named.map(({ decoder, prefix }) => {
        const seen = { photos: own(photos, prefix), groups };
        const before = own(state, prefix);
        return { prefix, ...decoder.step(under(weights, prefix), before, words, seen) };
      });
      const sum = tf.addN(steps.map(({ logits }) => tf.softmax(logits)));
      return {
        logits: tf.log(tf.div(sum, members.length)) as tf.Tensor2D,
        state: joined(steps.map(({ prefix, state }) => [prefix, state])),
      };
    },
  };
  const weights = new Map(
    named.flatMap(({ weights, prefix, decoder }) =>
      [...decoder.weightShapes.keys()].flatMap((name) => {
        const weight = weights.get(name);
        return weight === undefined ? [] : [[prefix + name, weight] as const];
      })
    ),
  );
  return { decoder, weights, featureShape: [sizes.reduce((sum, size) => sum + size, 0)] };
}

/** The weights whose names have a prefix, without it. */
function under(weights: WeightTensors, prefix: string): WeightTensors {
  return new Map(
    [...weights].flatMap(([name, weight]) =>
      name.startsWith(prefix) ? [[name.slice(prefix.length), weight] as const] : []
    ),
  );
}

/** A member's part of named tensors. */
function own(all: NamedTensors, prefix: string): NamedTensors {
  return Object.fromEntries(
    Object.entries(all).flatMap(([name, tensor]) =>
      name.startsWith(prefix) ? [[name.slice(prefix.length), tensor]] : []
    ),
  );
}

function joined(parts: readonly (readonly [prefix: string, own: NamedTensors])[]): NamedTensors {
  return Object.fromEntries(
    parts.flatMap(([prefix, own]) =>
      Object.entries(own).map(([name, tensor]) => [prefix + name, tensor])
    ),
  );
}
