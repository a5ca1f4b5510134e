import type * as tf from "@tensorflow/tfjs";

/** TensorFlow's two ways to pad, or explicit margins. */
export type Padding = "same" | "valid" | [top: number, bottom: number, left: number, right: number];

/** What a convolution applies to its sums. */
export type ConvolutionActivation = "linear" | "relu" | "relu6";

/**
 * Convolution, bias and activation. NHWC.
 *
 * @param input [batch, height, width, channels]
 * @param filter [height, width, channels, filters]
 * @param bias [filters]
 */
export type Convolution = (
  input: tf.Tensor4D,
  filter: tf.Tensor4D,
  bias: tf.Tensor1D,
  strides: [number, number],
  pad: Padding,
  activation: ConvolutionActivation,
) => tf.Tensor4D;

/** Two kernels for one convolution; which of them is faster depends on its shape and the machine. */
export interface ConvolutionKernels {
  /** TensorFlow's own. */
  readonly eigen: Convolution;
  /** Of the library oneDNN. */
  readonly oneDnn: Convolution;
  /** What the speed of both depends on: processor, cores, library. */
  readonly machine: string;
}
