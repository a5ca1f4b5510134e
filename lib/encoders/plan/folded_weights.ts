import * as tf from "@tensorflow/tfjs";

/** Filter and bias of a convolution, the batch norm after it made part of them. */
export function foldedWeights(
  own: tf.Tensor[],
  norm: tf.layers.Layer | undefined,
  depthwise: boolean,
): [tf.Tensor4D, tf.Tensor1D] {
  return tf.tidy(() => {
    const [filter, given] = own as [tf.Tensor4D, tf.Tensor1D | undefined];
    const channels = depthwise ? filter.shape[2] * filter.shape[3] : filter.shape[3];
    const bias = given ?? tf.zeros([channels]) as tf.Tensor1D;
    if (norm === undefined) return [filter.clone(), bias.clone()];
    const { scale, center, epsilon } = norm.getConfig();
    const weights = norm.getWeights() as tf.Tensor1D[];
    const gamma = scale === false ? tf.ones([channels]) : weights.shift()!;
    const beta = center === false ? tf.zeros([channels]) : weights.shift()!;
    const [mean, variance] = weights;
    const factor = tf.div(gamma, tf.sqrt(tf.add(variance, epsilon as number)));
    const shape = depthwise ? [1, 1, filter.shape[2], filter.shape[3]] : [1, 1, 1, channels];
    return [
      tf.mul(filter, tf.reshape(factor, shape)),
      tf.add(beta, tf.mul(tf.sub(bias, mean), factor)),
    ];
  });
}
