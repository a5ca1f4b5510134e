import type * as tf from "@tensorflow/tfjs";
import type { Convolution } from "./convolution.ts";

/**
 * Operations on bfloat16, which TF.js does not know: a tensor of it says that it is float32 and can
 * be read as such, but only these operations compute with it. They run forwards only.
 */
export interface Bfloat16Ops {
  /** Whether this machine computes faster in bfloat16 than in float32. */
  readonly isFaster: boolean;
  /** Why it does or does not, as the end of a sentence: "the processor has AMX-BF16". */
  readonly reason: string;

  /** Tries the kernels once; why they do not run, undefined if they do. */
  problem(): string | undefined;

  /** To the nearest bfloat16. */
  fromFloat32<T extends tf.Tensor>(x: T): T;

  /** The same numbers. */
  toFloat32<T extends tf.Tensor>(x: T): T;

  /** As `FusedOps.conv2d`. */
  conv2d(...args: Parameters<Convolution>): tf.Tensor4D;

  /**
   * Matrix product, bias and activation.
   *
   * @param input [rows, inputs]
   * @param kernel [inputs, units]
   * @param bias [units]
   */
  dense(
    input: tf.Tensor2D,
    kernel: tf.Tensor2D,
    bias: tf.Tensor1D,
    activation: "linear" | "relu",
  ): tf.Tensor2D;

  /** The largest, or the mean, of each window of the input [batch, height, width, channels]. */
  pool(
    kind: "max" | "mean",
    input: tf.Tensor4D,
    size: [number, number],
    strides: [number, number],
    pad: "same" | "valid",
  ): tf.Tensor4D;

  /** The sum of tensors of one shape. */
  add(inputs: tf.Tensor[]): tf.Tensor;

  /** Tensors one after the other along the axis. */
  concat(inputs: tf.Tensor[], axis: number): tf.Tensor;

  /** What is below 0 becomes 0. */
  relu(x: tf.Tensor): tf.Tensor;
}
