import type * as tf from "@tensorflow/tfjs";
import { Random } from "../random/mod.ts";
import { embeddingUniform, glorotUniform, lstmBias, orthogonal } from "./initializers.ts";

/** Named arrays of a model, in the order in which Keras would list them. */
export type Weights = Map<string, { shape: number[]; data: Float32Array }>;

/** Weights as tensors, for one use. */
export type WeightTensors = ReadonlyMap<string, tf.Tensor>;

/**
 * Weights to start training from, by Keras' initializers: each array's from its own stream of
 * random numbers, so that adding one changes no other.
 *
 * @param shapes by name; a layer that has a `recurrent_kernel` is an LSTM
 */
export function initialWeights(shapes: ReadonlyMap<string, number[]>, seed: number): Weights {
  const weights: Weights = new Map();
  for (const [name, shape] of shapes) {
    const [layer, array] = name.split("/");
    const random = new Random(seed, "weights", name);
    const data = array === "embeddings"
      ? embeddingUniform(shape, random)
      : array === "recurrent_kernel"
      ? orthogonal(shape, random)
      : array === "bias" && shapes.has(`${layer}/recurrent_kernel`)
      ? lstmBias(shape[0] / 4)
      : shape.length === 1
      ? new Float32Array(shape[0])
      : glorotUniform(shape, random);
    weights.set(name, { shape, data });
  }
  return weights;
}

/**
 * Weights by name, as the type that their use asks for.
 *
 * @throws {RangeError} from the function returned, if there is no weight of the name
 */
export function weightReader(weights: WeightTensors): <T extends tf.Tensor>(name: string) => T {
  return <T extends tf.Tensor>(name: string) => {
    const tensor = weights.get(name);
    if (tensor === undefined) throw new RangeError(`The decoder has no weight named "${name}"`);
    return tensor as T;
  };
}
