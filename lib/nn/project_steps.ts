import * as tf from "@tensorflow/tfjs";
import type { FusedOps } from "./fused_ops.ts";

/**
 * What every step of a sequence adds to a recurrent layer's gates, in one product.
 *
 * @param inputs [time, batch, inputs]
 * @param kernel [inputs, width]
 * @param bias [width]
 * @returns `x · kernel + bias` of each step [batch, width]
 */
export function projectSteps(
  inputs: tf.Tensor3D,
  kernel: tf.Tensor2D,
  bias: tf.Tensor1D,
  fused?: FusedOps,
): tf.Tensor2D[] {
  const [time, batch, width] = inputs.shape;
  const flat = tf.reshape(inputs, [time * batch, width]) as tf.Tensor2D;
  const product = (fused?.matMul ?? tf.matMul)(flat, kernel);
  const projected = tf.add(product, bias) as tf.Tensor2D; // [time × batch, width]
  // TF.js' gradient of unstack fails where there is only one.
  return time === 1
    ? [projected]
    : tf.unstack(tf.reshape(projected, [time, batch, -1])) as tf.Tensor2D[];
}
