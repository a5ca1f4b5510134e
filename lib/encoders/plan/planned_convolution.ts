import type * as tf from "@tensorflow/tfjs";
import type { ConvolutionActivation, Padding } from "../../nn/mod.ts";

/** A float32 convolution of a plan. */
export interface PlannedConvolution {
  /** See {@linkcode convolutionName}. */
  name: string;
  /** [height, width, channels] */
  input: [number, number, number];
  /** [height, width, channels, filters] */
  filter: tf.Tensor4D;
  /** [filters] */
  bias: tf.Tensor1D;
  /** Vertical, horizontal. */
  strides: [number, number];
  /** What its input is surrounded by. */
  pad: Padding;
  /** Of its sums. */
  activation: ConvolutionActivation;
}

/** What a convolution's speed depends on: `56x56x64 3x3x128 /1 same`. Equal ones have equal names. */
export function convolutionName(
  { input, filter, strides: [vertical, horizontal], pad }: {
    /** [height, width, channels] */
    input: readonly number[];
    filter: { shape: readonly number[] };
    strides: readonly [number, number];
    pad: Padding;
  },
): string {
  const [height, width, , filters] = filter.shape;
  const step = vertical === horizontal ? vertical : `${vertical}x${horizontal}`;
  return `${input.join("x")} ${height}x${width}x${filters} /${step} ${pad}`;
}

/** Multiplications for one photo. */
export function multiplications({ input, filter, strides, pad }: PlannedConvolution): number {
  const [top, bottom, left, right] = typeof pad === "string" ? [0, 0, 0, 0] : pad;
  const [height, width] = filter.shape;
  const cut = (size: number, kernel: number) => pad === "same" ? size : size - kernel + 1;
  const rows = Math.ceil(cut(input[0] + top + bottom, height) / strides[0]);
  const columns = Math.ceil(cut(input[1] + left + right, width) / strides[1]);
  return rows * columns * filter.size;
}
