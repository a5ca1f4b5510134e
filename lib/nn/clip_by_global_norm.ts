import * as tf from "@tensorflow/tfjs";

/**
 * Scales gradients so that their norm over all of them is at most `limit`
 * (Pascanu et al., 2013). Gradients within the limit are returned unchanged.
 *
 * @param limit > 0
 */
export function clipByGlobalNorm(gradients: tf.Tensor[], limit: number): tf.Tensor[] {
  const squares = tf.tidy(() =>
    gradients.reduce((sum, gradient) => {
      const flat = tf.reshape(gradient, [1, gradient.size]);
      return sum + tf.matMul(flat, flat, false, true).dataSync()[0]; // a dot product
    }, 0)
  );
  const norm = Math.sqrt(squares);
  if (!(norm > limit)) return gradients; // NaN as well: the loss will say so
  return gradients.map((gradient) => tf.mul(gradient, limit / norm));
}
