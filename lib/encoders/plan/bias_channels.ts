import * as tf from "@tensorflow/tfjs";
import type { Bfloat16Ops } from "../../nn/mod.ts";

/**
 * Pointwise convolutions in bfloat16 whose bias is two more channels of the input, of ones: its
 * bfloat16 and what that leaves of it. They are added up in float32 like all channels, while a bias
 * rounded to bfloat16 is off by the same at every pixel, which no mean over a grid takes away: for
 * MobileNetV2 that is most of a feature's error.
 *
 * @param weights filter [1, 1, channels, filters] and bias [filters] in float32, which are freed
 * @returns filter [1, 1, channels + 2, filters] and a bias of zeros, in bfloat16
 */
export function biasAsChannels(
  [filter, bias]: [tf.Tensor4D, tf.Tensor1D],
  bfloat16: Bfloat16Ops,
): [tf.Tensor4D, tf.Tensor1D] {
  const made = tf.tidy((): [tf.Tensor4D, tf.Tensor1D] => {
    const rest = tf.sub(bias, bfloat16.toFloat32(bfloat16.fromFloat32(bias)));
    const rows = [bias, rest].map((row) => tf.reshape(row, [1, 1, 1, -1]) as tf.Tensor4D);
    return [
      bfloat16.fromFloat32(tf.concat([filter, ...rows], 2)),
      bfloat16.fromFloat32(tf.zerosLike(bias)),
    ];
  });
  tf.dispose([filter, bias]);
  return made;
}

/** A bfloat16 input [photos, height, width, channels] with the two channels that the bias needs. */
export function withBiasChannels(input: tf.Tensor, bfloat16: Bfloat16Ops): tf.Tensor {
  return tf.tidy(() => {
    const ones = bfloat16.fromFloat32(tf.fill([...input.shape.slice(0, 3), 2], 1));
    return bfloat16.concat([input, ones], 3);
  });
}
