import * as tf from "@tensorflow/tfjs";
import type { LayerSpec } from "./architecture.ts";

/** What a convolution is beside its input. */
export interface ConvolutionOptions {
  filters: number;
  kernelSize: number | [height: number, width: number];
  /** Default 1. */
  strides?: number;
  padding: "same" | "valid";
  /** Default true, as in Keras. */
  useBias?: boolean;
  /** Default: Keras' automatic name. */
  name?: string;
}

/** What a pooling is beside its input. */
export interface PoolingOptions {
  strides: number;
  padding: "same" | "valid";
  /** Default: Keras' automatic name. */
  name?: string;
}

/**
 * Writes down a network's layers in the order in which they are made. Each method takes the names
 * of the layers before and gives the name of the new one: the given one, or what Keras calls it in
 * a process that has made no other layers (`conv2d`, `conv2d_1`, …).
 */
export class LayerList {
  /** The layers so far. */
  readonly specs: LayerSpec[] = [];
  readonly #counts = new Map<string, number>();

  conv2d(input: string, { name = this.#next("conv2d"), ...options }: ConvolutionOptions): string {
    const config = { ...options, name, kernelInitializer: "zeros" as const };
    return this.#add(name, [input], true, () => tf.layers.conv2d(config));
  }

  /** One filter a channel, without a bias, padded to keep its size. */
  depthwiseConv2d(
    input: string,
    options: { name: string; kernelSize: number; strides: number },
  ): string {
    const config = {
      ...options,
      padding: "same" as const,
      useBias: false,
      depthwiseInitializer: "zeros" as const,
    };
    return this.#add(options.name, [input], true, () => tf.layers.depthwiseConv2d(config));
  }

  separableConv2d(
    input: string,
    { name = this.#next("separable_conv2d"), ...options }: ConvolutionOptions,
  ): string {
    const config = {
      ...options,
      name,
      depthwiseInitializer: "zeros" as const,
      pointwiseInitializer: "zeros" as const,
    };
    return this.#add(name, [input], true, () => tf.layers.separableConv2d(config));
  }

  batchNormalization(
    input: string,
    { name = this.#next("batch_normalization"), ...options }: {
      name?: string;
      epsilon?: number;
      scale?: boolean;
    } = {},
  ): string {
    return this.#add(name, [input], true, () => tf.layers.batchNormalization({ name, ...options }));
  }

  relu(input: string, name = this.#next("activation")): string {
    return this.#add(
      name,
      [input],
      false,
      () => tf.layers.activation({ name, activation: "relu" }),
    );
  }

  relu6(input: string, name: string): string {
    return this.#add(name, [input], false, () => tf.layers.reLU({ name, maxValue: 6 }));
  }

  zeroPadding2d(input: string, padding: number, name: string): string {
    return this.#add(name, [input], false, () => tf.layers.zeroPadding2d({ name, padding }));
  }

  maxPooling2d(
    input: string,
    { name = this.#next("max_pooling2d"), ...options }: PoolingOptions,
  ): string {
    const config = { name, poolSize: 3, ...options };
    return this.#add(name, [input], false, () => tf.layers.maxPooling2d(config));
  }

  averagePooling2d(
    input: string,
    { name = this.#next("average_pooling2d"), ...options }: PoolingOptions,
  ): string {
    const config = { name, poolSize: 3, ...options };
    return this.#add(name, [input], false, () => tf.layers.averagePooling2d(config));
  }

  add(inputs: string[], name = this.#next("add")): string {
    return this.#add(name, inputs, false, () => tf.layers.add({ name }));
  }

  concatenate(inputs: string[], name = this.#next("concatenate")): string {
    return this.#add(name, inputs, false, () => tf.layers.concatenate({ name }));
  }

  /** The end that networks for ImageNet share: `avg_pool`, and `predictions` of 1,000 classes. */
  classifier(input: string): string {
    const pooled = this.#add(
      "avg_pool",
      [input],
      false,
      () => tf.layers.globalAveragePooling2d({ name: "avg_pool" }),
    );
    return this.#add("predictions", [pooled], true, () =>
      tf.layers.dense({
        name: "predictions",
        units: 1000,
        activation: "softmax",
        kernelInitializer: "zeros",
      }));
  }

  #next(base: string): string {
    const count = this.#counts.get(base) ?? 0;
    this.#counts.set(base, count + 1);
    return count === 0 ? base : `${base}_${count}`;
  }

  #add(name: string, inputs: string[], weighted: boolean, make: LayerSpec["make"]): string {
    this.specs.push({ name, inputs, weighted, make });
    return name;
  }
}
