import * as tf from "@tensorflow/tfjs";
import { Random } from "../../../lib/random/mod.ts";

/** Normal random numbers of a shape, the same for the same name. */
export function normal(name: string, shape: number[], scale = 1): tf.Tensor {
  const random = new Random(1, name, ...shape);
  const size = shape.reduce((product, length) => product * length, 1);
  return tf.tensor(Float32Array.from({ length: size }, () => scale * random.normal()), shape);
}

/** The largest difference of two tensors, as a part of the largest number expected. */
export function relativeError(expected: tf.Tensor, actual: tf.Tensor): number {
  if (String(expected.shape) !== String(actual.shape)) {
    throw new RangeError(`Shapes [${expected.shape}] and [${actual.shape}] are not the same`);
  }
  return tf.tidy(() => {
    const size = tf.max(tf.abs(expected)).dataSync()[0];
    const error = tf.max(tf.abs(tf.sub(expected, actual))).dataSync()[0];
    return error === 0 ? 0 : error / size;
  });
}

/** The cosine of two tensors' numbers; NaN where one has a number that is not finite. */
export function cosine(one: tf.Tensor, other: tf.Tensor): number {
  return tf.tidy(() => {
    const [a, b] = [one, other].map((x) => tf.reshape(x, [-1]));
    const sizes = tf.mul(tf.norm(a), tf.norm(b));
    return tf.div(tf.sum(tf.mul(a, b)), sizes).dataSync()[0];
  });
}

/**
 * The largest difference between gradients and central differences over some
 * coordinates of every input, as a part of that input's largest gradient.
 *
 * @param f a scalar of the inputs
 */
export function finiteDifferenceError(
  f: (...inputs: tf.Tensor[]) => tf.Tensor,
  inputs: tf.Tensor[],
  { step = 1e-2, coordinates = 6 } = {},
): number {
  return tf.tidy(() => {
    const gradients = tf.grads(f as (...inputs: tf.Tensor[]) => tf.Scalar)(inputs);
    const value = (changed: number, data: Float32Array) =>
      tf.tidy(() =>
        f(...inputs.map((input, i) => i === changed ? tf.tensor(data, input.shape) : input))
          .dataSync()[0]
      );
    return Math.max(...inputs.map((input, i) => {
      const data = input.dataSync() as Float32Array;
      const gradient = gradients[i].dataSync();
      const size = Math.max(...gradient.map(Math.abs));
      const random = new Random(2, "coordinates", i);
      const errors = Array.from({ length: Math.min(coordinates, data.length) }, () => {
        const k = random.integer(0, data.length);
        const [up, down] = [step, -step].map((change) => {
          const moved = data.slice();
          moved[k] += change;
          return value(i, moved);
        });
        return Math.abs((up - down) / (2 * step) - gradient[k]);
      });
      return Math.max(...errors) / size;
    }));
  });
}
