import * as tf from "@tensorflow/tfjs";
import { Random } from "../../../../lib/random/mod.ts";

/** Computations by name; each is run on two backends and must give the same. */
export type KernelCases = Record<string, () => tf.Tensor | tf.Tensor[] | Promise<tf.Tensor>>;

/** Numbers of a shape in [low, high), the same at every call. */
export function numbers(shape: number[], low = -2, high = 2): tf.Tensor {
  const random = new Random(shape.length, "numbers", ...shape);
  const size = shape.reduce((product, length) => product * length, 1);
  const values = Float32Array.from(
    { length: size },
    () => low + (high - low) * random.uniform(),
  );
  return tf.tensor(values, shape);
}

/** A matrix [3, 4] with negative numbers. */
export const a = () => numbers([3, 4]);
/** Another, which is a transpose. */
export const b = () => numbers([4, 3], -1, 3).transpose();
/** A matrix above 0. */
export const positive = () => numbers([3, 4], 0.2, 3);
/** A matrix within ±0.9. */
export const unit = () => numbers([3, 4], -0.9, 0.9);
/** int32 of both signs. */
export const integers = () => tf.tensor2d([[7, -3, 0], [2, 9, -8]], [2, 3], "int32");
/** int32 without 0. */
export const divisors = () => tf.tensor2d([[2, 2, 5], [-3, 4, 3]], [2, 3], "int32");
/** Truth values [4]. */
export const flags = () => tf.tensor1d([true, false, true, true], "bool");
/** Pictures [2, 5, 6, 3]. */
export const image = () => numbers([2, 5, 6, 3]) as tf.Tensor4D;
/** Filters [3, 3, 3, 4] for them. */
export const filter = () => numbers([3, 3, 3, 4]) as tf.Tensor4D;
/** A volume [1, 4, 4, 4, 2]. */
export const volume = () => numbers([1, 4, 4, 4, 2]) as tf.Tensor5D;
/** NaN and the infinities. */
export const odd = () => tf.tensor1d([1, NaN, Infinity, -Infinity, 0]);

/** The gradient of the sum of squares of an operation's result. */
export function gradient(f: (x: tf.Tensor) => tf.Tensor, x: () => tf.Tensor): () => tf.Tensor {
  return () => tf.grad((y) => tf.sum(tf.square(f(y))))(x());
}
