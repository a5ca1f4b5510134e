import * as tf from "@tensorflow/tfjs";
import type {
  Arithmetic,
  Convolution,
  ConvolutionActivation,
  ConvolutionKernels,
  FusedOps,
} from "../../nn/mod.ts";
import { type Bfloat16Speed, bfloat16Speed } from "../bfloat16_speed.ts";
import { readProcessor } from "../processor.ts";
import { attentionLstm } from "./attention_lstm.ts";
import type { TensorFlowBackend } from "./backend.ts";
import { TensorFlowBfloat16 } from "./bfloat16_ops.ts";
import type { TFEOpAttr } from "./binding_types.ts";
import {
  CHANNELS_LAST,
  convolutionAttributes,
  ONE_DNN,
  windowAttributes,
} from "./convolution_attributes.ts";
import { AttributeType, DataType } from "./data_types.ts";
import { linearCrossEntropy } from "./linear_cross_entropy.ts";
import { lstm } from "./lstm.ts";
import { roundedMatMul } from "./mat_mul.ts";
import { execute, FLOAT } from "./operations.ts";
import { projectedLstm } from "./projected_lstm.ts";

/**
 * The fused operations by TensorFlow's own kernels.
 *
 * @param gpu whether a GPU computes, which lacks some of them
 * @param speed tells whether bfloat16 is faster here
 */
export function tensorflowFusedOps(
  backend: TensorFlowBackend,
  gpu: boolean = backend.binding.isUsingGpuDevice(),
  speed: () => Bfloat16Speed = () => bfloat16Speed(readProcessor(), gpu ? {} : undefined),
): FusedOps {
  const oneDnn = !gpu && hasOneDnn(backend);
  const kernels: ConvolutionKernels = {
    eigen: (...args) => conv2d(backend, false, ...args),
    oneDnn: (...args) => conv2d(backend, true, ...args),
    get machine() {
      return [
        readProcessor().name ?? "an unknown processor",
        `${navigator.hardwareConcurrency} cores`,
        `TensorFlow ${backend.binding.TF_Version}`,
      ].join(", ");
    },
  };
  const shared: Omit<
    FusedOps,
    | "lstm"
    | "projectedLstm"
    | "attentionLstm"
    | "linearCrossEntropy"
    | "matMul"
    | "arithmetic"
    | "in"
  > = {
    dropout: (x, rate, seed) => dropout(backend, x, rate, seed),
    conv2d: (...args) =>
      gpu && args[5] === "linear"
        ? convolutionAndBias(backend, ...args)
        : conv2d(backend, oneDnn && args[0].shape[3] <= FEW_CHANNELS, ...args),
    ...(oneDnn ? { kernels, depthwiseConv2d: (...args) => depthwiseConv2d(backend, ...args) } : {}),
    bfloat16: new TensorFlowBfloat16(backend, { oneDnn, speed }),
  };
  const opsIn = (arithmetic: Arithmetic): FusedOps => ({
    ...shared,
    lstm: (...args) => lstm(backend, arithmetic, ...args),
    projectedLstm: (...args) => projectedLstm(backend, arithmetic, ...args),
    attentionLstm: (inputs) => attentionLstm(backend, arithmetic, inputs),
    linearCrossEntropy: (...args) => linearCrossEntropy(backend, arithmetic, ...args),
    ...(arithmetic === "bfloat16" ? { matMul: (a, b) => roundedMatMul(backend, a, b) } : {}),
    arithmetic,
    in: opsIn,
  });
  return opsIn("float32");
}

/** The mask of StatelessRandomUniform, which depends on its seed alone. */
function dropout<T extends tf.Tensor>(
  backend: TensorFlowBackend,
  x: T,
  rate: number,
  seed: [number, number],
): T {
  const mask = tf.tidy(() => {
    const [uniform] = execute(
      backend,
      "StatelessRandomUniform",
      [
        { name: "dtype", type: AttributeType.type, value: DataType.float32 },
        { name: "T", type: AttributeType.type, value: DataType.int32 },
        { name: "Tseed", type: AttributeType.type, value: DataType.int32 },
      ],
      [tf.tensor1d(x.shape, "int32"), tf.tensor1d(seed.map((word) => word | 0), "int32")],
      1,
    );
    return tf.div(tf.greaterEqual(uniform, rate), 1 - rate);
  });
  return tf.mul(x, mask);
}

/** Where nothing was measured, oneDNN computes convolutions of at most so many channels: pictures. */
const FEW_CHANNELS = 4;

/** Eigen's _FusedConv2D, or oneDNN's. */
function conv2d(
  backend: TensorFlowBackend,
  oneDnn: boolean,
  ...[input, filter, bias, strides, pad, activation]: Parameters<Convolution>
): tf.Tensor4D {
  const attributes: TFEOpAttr[] = [
    FLOAT,
    ...convolutionAttributes(strides, pad, activation),
    { name: "TArgs", type: AttributeType.type, value: [DataType.float32] },
  ];
  const name = oneDnn ? "_MklNativeFusedConv2D" : "_FusedConv2D";
  if (oneDnn) attributes.push(ONE_DNN);
  return execute(backend, name, attributes, [input, filter, bias], 1)[0] as tf.Tensor4D;
}

/** Conv2D and BiasAdd one after the other: on a GPU, _FusedConv2D has an activation or fails. */
function convolutionAndBias(
  backend: TensorFlowBackend,
  ...[input, filter, bias, strides, pad]: Parameters<Convolution>
): tf.Tensor4D {
  return tf.tidy(() => {
    const attributes = windowAttributes(strides, pad);
    const [sums] = execute(backend, "Conv2D", [FLOAT, ...attributes], [input, filter], 1);
    return execute(backend, "BiasAdd", [FLOAT, CHANNELS_LAST], [sums, bias], 1)[0] as tf.Tensor4D;
  });
}

/** _MklNativeFusedDepthwiseConv2dNative: TensorFlow has the fused op with a oneDNN kernel only. */
function depthwiseConv2d(
  backend: TensorFlowBackend,
  input: tf.Tensor4D,
  filter: tf.Tensor4D,
  bias: tf.Tensor1D,
  strides: [number, number],
  pad: "same" | "valid",
  activation: ConvolutionActivation,
): tf.Tensor4D {
  const attributes = [FLOAT, ...convolutionAttributes(strides, pad, activation), ONE_DNN];
  const name = "_MklNativeFusedDepthwiseConv2dNative";
  return execute(backend, name, attributes, [input, filter, bias], 1)[0] as tf.Tensor4D;
}

/** Whether the library has oneDNN's kernels: x86 builds do. */
function hasOneDnn(backend: TensorFlowBackend): boolean {
  return tf.tidy(() => {
    const one = tf.ones([1, 1, 1, 1]) as tf.Tensor4D;
    const bias = tf.zeros([1]) as tf.Tensor1D;
    try {
      depthwiseConv2d(backend, one, one, bias, [1, 1], "same", "relu");
      return true;
    } catch {
      return false;
    }
  });
}
