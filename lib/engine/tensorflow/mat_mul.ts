import * as tf from "@tensorflow/tfjs";
import type { MatrixProducts } from "./matrix_products.ts";

/**
 * Multiplications from which rounding pays: with AMX they take 1.4 instead of 6.7 ps each, and the
 * casts of so small matrices some 20 µs.
 */
const LARGE = 1 << 22;

/** The product of two float32 matrices [rows, inner] and [inner, columns], differentiable. */
export function matMul(products: MatrixProducts, a: tf.Tensor2D, b: tf.Tensor2D): tf.Tensor2D {
  if (a.shape[0] * a.shape[1] * b.shape[1] < LARGE) return tf.matMul(a, b);
  const { factor, multiply } = products;
  const run = tf.customGrad((...args) => {
    const [a, b, save] = args as unknown as [tf.Tensor2D, tf.Tensor2D, tf.GradSaveFunc];
    const factors = [factor(a), factor(b)];
    save(factors);
    return {
      value: multiply(factors[0], factors[1]),
      gradFunc: (dy, saved) => {
        const [d, a, b] = [factor(dy as tf.Tensor2D), ...saved as tf.Tensor2D[]];
        return [multiply(d, b, false, true), multiply(a, d, true, false)];
      },
    };
  });
  return run(a, b) as tf.Tensor2D;
}
