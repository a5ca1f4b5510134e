import type * as tf from "@tensorflow/tfjs";
import type { AttentionLstmInputs } from "./attention_lstm_inputs.ts";
import type { Arithmetic } from "./arithmetic.ts";
import type { Bfloat16Ops } from "./bfloat16_ops.ts";
import type { Convolution, ConvolutionActivation, ConvolutionKernels } from "./convolution.ts";
import type { LstmState } from "./lstm_state.ts";

/** Which rows of its projected inputs each step of a {@linkcode FusedOps.projectedLstm} reads. */
export interface ProjectedSequences {
  /** Steps of the longest sequence. */
  steps: number;
  /**
   * A row for each sequence, step by step: those that end stand first, so that in a step with n
   * sequences fewer than the one before the first n ended. Without it every step reads all rows in
   * their order, and all sequences have the same length.
   */
  reads?: readonly Int32Array[];
}

/** What an LSTM reads, and its weights. */
export interface ProjectedLstm {
  /** `x · kernel + bias`, gates i, f, c, o [rows, 4 units] */
  projected: tf.Tensor2D;
  /** [units, 4 units] */
  recurrentKernel: tf.Tensor2D;
}

/** How a {@linkcode FusedOps.linearCrossEntropy} counts labels and rows. */
export interface CrossEntropyOptions {
  /** Share of the loss that is the mean over all classes instead of the label's, in [0, 1). @default {0} */
  smoothing?: number;
  /** What each row's loss is multiplied by [rows]; not differentiated. @default {ones} */
  rowWeights?: tf.Tensor1D;
}

/**
 * What an engine can do in one operation where TF.js needs many. An engine
 * without any of them leaves `Engine.fused` undefined; the callers then take
 * the plain TF.js way, with the same results up to rounding.
 *
 * Every function but `conv2d` is differentiable through `tf.grads`.
 */
export interface FusedOps {
  /**
   * A whole LSTM sequence (Keras' equations: sigmoid gates, tanh, no peepholes;
   * gate order i, f, c, o in `kernel`, `recurrentKernel` and `bias`).
   *
   * @param inputs [time, batch, inputs]
   * @param kernel [inputs, 4 units]
   * @param recurrentKernel [units, 4 units]
   * @param bias [4 units]
   * @param initial the state before the first step; zeros without it
   * @returns the outputs of every step [time, batch, units]
   */
  lstm(
    inputs: tf.Tensor3D,
    kernel: tf.Tensor2D,
    recurrentKernel: tf.Tensor2D,
    bias: tf.Tensor1D,
    initial?: LstmState,
  ): tf.Tensor3D;

  /**
   * LSTM sequences over inputs that are projected already, with the same gates; see
   * {@linkcode ProjectedSequences}.
   *
   * @param lstms of one size, computed side by side
   * @returns of each the outputs of every step, one after the other [rows of all steps, units]
   */
  projectedLstm(lstms: readonly ProjectedLstm[], sequences: ProjectedSequences): tf.Tensor2D[];

  /**
   * An attention LSTM over a whole sequence, see `attentionLstm`. Absent where the engine has none.
   *
   * @returns of each step, one after the other, the output, the gated context and the regions' shares,
   * their mean over the heads, side by side [rows of all steps, units + width + regions]
   */
  attentionLstm?(inputs: AttentionLstmInputs): tf.Tensor2D;

  /**
   * The output layer and its loss together: the mean over rows of
   * `-log softmax(hidden · kernel + bias)[label]`, worked through in pieces of
   * rows, so that the logits never exist all at once. A class whose bias is
   * -1e9 has probability 0 (not with smoothed labels, whose loss it would be).
   *
   * @param hidden [rows, units]
   * @param kernel [units, classes]
   * @param bias [classes]
   * @param labels int32 [rows]
   * @returns natural-log loss, a scalar
   */
  linearCrossEntropy(
    hidden: tf.Tensor2D,
    kernel: tf.Tensor2D,
    bias: tf.Tensor1D,
    labels: tf.Tensor1D,
    options?: CrossEntropyOptions,
  ): tf.Scalar;

  /**
   * The product of two matrices, large ones on inputs rounded to bfloat16; the result is float32.
   * Absent where products are those of TF.js itself.
   *
   * @param a [rows, inner]
   * @param b [inner, columns]
   */
  matMul?(a: tf.Tensor2D, b: tf.Tensor2D): tf.Tensor2D;

  /**
   * Dropout with an inverted mask: an element is zero with probability `rate`,
   * otherwise divided by `1 - rate`.
   *
   * @param rate in [0, 1)
   * @param seed two 32-bit integers; equal seeds give equal masks
   */
  dropout<T extends tf.Tensor>(x: T, rate: number, seed: [number, number]): T;

  /** In one pass over memory. */
  conv2d(...args: Parameters<Convolution>): tf.Tensor4D;

  /** Those that `conv2d` takes one of, up to rounding the same; absent where there is one only. */
  readonly kernels?: ConvolutionKernels;

  /**
   * Depthwise convolution, bias and activation in one pass over memory. NHWC. Absent where the
   * engine has no such kernel: the one there is needs oneDNN on a CPU.
   *
   * @param input [batch, height, width, channels]
   * @param filter [height, width, channels, 1]
   * @param bias [channels]
   */
  depthwiseConv2d?(
    input: tf.Tensor4D,
    filter: tf.Tensor4D,
    bias: tf.Tensor1D,
    strides: [number, number],
    pad: "same" | "valid",
    activation: ConvolutionActivation,
  ): tf.Tensor4D;

  /** The same in bfloat16; absent where the engine does not know that type. */
  readonly bfloat16?: Bfloat16Ops;

  /** Numbers that the large products of a training step are computed in. */
  readonly arithmetic: Arithmetic;

  /** These operations in another {@linkcode arithmetic}: bfloat16 only where it is not absent. */
  in(arithmetic: Arithmetic): FusedOps;
}
