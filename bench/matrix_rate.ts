import * as tf from "@tensorflow/tfjs";

/** The output layer's product for 64 captions of 11 words, at Flickr8k's vocabulary. */
const [ROWS, INNER, COLUMNS] = [704, 256, 8043];

/**
 * The machine's own rate: GFLOP/s (a product and a sum are two) of a float32 matrix product through
 * the engine, nothing else between.
 */
export function matrixRate(products = 20): number {
  return tf.tidy(() => {
    const a = tf.randomUniform([ROWS, INNER]);
    const b = tf.randomUniform([INNER, COLUMNS]);
    const multiply = (times: number) => {
      for (let i = 0; i < times; i++) {
        const product = tf.matMul(a, b);
        // Reading the last one waits for all before it.
        if (i === times - 1) tf.slice(product, [0, 0], [1, 1]).dataSync();
        product.dispose();
      }
    };
    multiply(3); // warm up
    const began = performance.now();
    multiply(products);
    const seconds = (performance.now() - began) / 1000;
    return products * 2 * ROWS * INNER * COLUMNS / seconds / 1e9;
  });
}
