import type * as tf from "@tensorflow/tfjs";

/** Named arrays of a model, in the order in which Keras would list them. */
export type Weights = Map<string, { shape: number[]; data: Float32Array }>;

/** Weights as tensors, for one use. */
export type WeightTensors = ReadonlyMap<string, tf.Tensor>;

/**
 * A weight by name, as the type that its use asks for.
 *
 * @throws {RangeError} if there is none of that name
 */
export function readWeight<T extends tf.Tensor>(weights: WeightTensors, name: string): T {
  const tensor = weights.get(name);
  if (tensor === undefined) throw new RangeError(`The decoder has no weight named "${name}"`);
  return tensor as T;
}
