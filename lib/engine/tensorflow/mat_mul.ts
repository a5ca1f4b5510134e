import * as tf from "@tensorflow/tfjs";
import type { TensorFlowBackend } from "./backend.ts";
import { callFunction, type GraphFunction } from "./graph_function.ts";

/**
 * Multiplications from which rounding pays: with AMX they take 1.4 instead of 6.7 ps each, and the
 * casts of so small matrices some 20 µs.
 */
const LARGE = 1 << 22;

/**
 * The product of two float32 matrices [rows, inner] and [inner, columns], large ones rounded to
 * bfloat16 before; differentiable.
 */
export function roundedMatMul(
  backend: TensorFlowBackend,
  a: tf.Tensor2D,
  b: tf.Tensor2D,
): tf.Tensor2D {
  if (a.shape[0] * a.shape[1] * b.shape[1] < LARGE) return tf.matMul(a, b);
  const run = tf.customGrad((...args) => {
    const [a, b, save] = args as unknown as [tf.Tensor, tf.Tensor, tf.GradSaveFunc];
    save([a, b]);
    return {
      value: callFunction(backend, FORWARD, [a, b])[0],
      gradFunc: (dy, saved) => callFunction(backend, BACKWARD, [dy, ...saved]),
    };
  });
  return run(a, b) as tf.Tensor2D;
}

const FORWARD: GraphFunction = {
  name: "mat_mul_forward",
  arithmetic: "bfloat16",
  outputs: 1,
  build: (body, [a, b]) => [body.matMul(a, b)],
};

const BACKWARD: GraphFunction = {
  name: "mat_mul_backward",
  arithmetic: "bfloat16",
  outputs: 2,
  build: (body, [dy, a, b]) => [
    body.matMul(dy, b, { transposeB: true }),
    body.matMul(a, dy, { transposeA: true }),
  ],
};
