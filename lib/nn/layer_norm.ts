import * as tf from "@tensorflow/tfjs";
import type { Layer, LayerWeight } from "./layer.ts";
import { readWeight, type WeightTensors } from "./weights.ts";

/** Added to a row's variance, as in Keras. */
const EPSILON = 1e-3;

/** Rows brought to mean 0 and variance 1, then scaled and shifted by number (Ba et al., 2016). */
export interface LayerNormLayer extends Layer {
  /** Each row of the last axis normalised. @param x [...shape, width] @returns the same shape */
  apply<T extends tf.Tensor>(weights: WeightTensors, x: T): T;
}

/**
 * Layer normalisation that learns `NAME/gamma` (ones) and `NAME/beta` (zeros): equal to Keras'
 * `LayerNormalization` over the last axis.
 */
export function layerNormLayer(name: string, width: number): LayerNormLayer {
  const names = [`${name}/gamma`, `${name}/beta`];
  return {
    weights: new Map<string, LayerWeight>([
      [names[0], { shape: [width], initial: () => new Float32Array(width).fill(1) }],
      [names[1], { shape: [width], initial: () => new Float32Array(width) }],
    ]),
    activations: 2 * width, // the rows before scaling, and the output
    apply<T extends tf.Tensor>(weights: WeightTensors, x: T): T {
      const [gamma, beta] = names.map((name) => readWeight<tf.Tensor1D>(weights, name));
      const rows = tf.reshape(x, [-1, width]) as tf.Tensor2D;
      return tf.reshape(layerNorm(rows, gamma, beta), x.shape) as T;
    },
  };
}

/** With a gradient of its own: half of the operations that TF.js would record. */
function layerNorm(x: tf.Tensor2D, gamma: tf.Tensor1D, beta: tf.Tensor1D): tf.Tensor2D {
  const run = tf.customGrad((...args) => {
    const [x, gamma, beta, save] = args as unknown as [
      tf.Tensor2D,
      tf.Tensor1D,
      tf.Tensor1D,
      tf.GradSaveFunc,
    ];
    const centred = tf.sub(x, tf.mean(x, 1, true));
    const variance = tf.mean(tf.square(centred), 1, true);
    const scale = tf.rsqrt(tf.add(variance, EPSILON)); // [rows, 1]
    const normal = tf.mul(centred, scale);
    save([normal, scale, gamma]);
    return {
      value: tf.add(tf.mul(normal, gamma), beta),
      gradFunc: (dy, saved) => {
        const [normal, scale, gamma] = saved;
        const weighted = tf.mul(dy, normal);
        const own = tf.mul(dy, gamma);
        const along = tf.mean(tf.mul(weighted, gamma), 1, true);
        const rest = tf.sub(tf.sub(own, tf.mean(own, 1, true)), tf.mul(normal, along));
        return [tf.mul(rest, scale), tf.sum(weighted, 0), tf.sum(dy, 0)];
      },
    };
  });
  return run(x, gamma, beta) as tf.Tensor2D;
}
