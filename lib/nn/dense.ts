import * as tf from "@tensorflow/tfjs";
import type { FusedOps } from "./fused_ops.ts";
import { glorotUniform } from "./initializers.ts";
import type { Layer, LayerWeight } from "./layer.ts";
import { readWeight, type WeightTensors } from "./weights.ts";

/** `activation(x · kernel + bias)`. */
export interface DenseLayer extends Layer {
  /** The layer's output [rows, units]. @param x [rows, inputs] */
  apply(weights: WeightTensors, x: tf.Tensor2D): tf.Tensor2D;
  /** Its arrays, for a loss that takes the layer in: kernel [inputs, units], bias [units]. */
  arrays(weights: WeightTensors): { kernel: tf.Tensor2D; bias: tf.Tensor1D };
}

/**
 * A dense layer that learns `NAME/kernel` (glorot_uniform) and `NAME/bias` (zeros).
 *
 * @param activation `linear` by default
 */
export function denseLayer(
  name: string,
  inputs: number,
  units: number,
  activation: "linear" | "relu" | "tanh" = "linear",
  fused?: FusedOps,
): DenseLayer {
  const [kernelName, biasName] = [`${name}/kernel`, `${name}/bias`];
  const shape = [inputs, units];
  const arrays = (weights: WeightTensors) => ({
    kernel: readWeight<tf.Tensor2D>(weights, kernelName),
    bias: readWeight<tf.Tensor1D>(weights, biasName),
  });
  return {
    weights: new Map<string, LayerWeight>([
      [kernelName, { shape, initial: (random) => glorotUniform(shape, random) }],
      [biasName, { shape: [units], initial: () => new Float32Array(units) }],
    ]),
    activations: units,
    apply(weights, x) {
      const { kernel, bias } = arrays(weights);
      if (fused?.matMul) {
        const sums = tf.add(fused.matMul(x, kernel), bias) as tf.Tensor2D;
        return activation === "linear" ? sums : tf[activation](sums);
      }
      const first = activation === "tanh" ? "linear" : activation; // TF.js fuses no tanh
      const y = tf.fused.matMul({ a: x, b: kernel, bias, activation: first }) as tf.Tensor2D;
      return activation === "tanh" ? tf.tanh(y) : y;
    },
    arrays,
  };
}
