import * as tf from "@tensorflow/tfjs";
import type { FusedOps } from "../models/mod.ts";
import type { TensorFlowBackend } from "./backend.ts";
import type { TFEOpAttr } from "./binding_types.ts";
import { AttributeType, DataType } from "./data_types.ts";
import { linearCrossEntropy } from "./linear_cross_entropy.ts";
import { lstm } from "./lstm.ts";
import { execute, FLOAT } from "./operations.ts";

/** The fused operations by TensorFlow's own kernels. */
export function tensorflowFusedOps(backend: TensorFlowBackend): FusedOps {
  return {
    lstm: (inputs, kernel, recurrentKernel, bias) =>
      lstm(backend, inputs, kernel, recurrentKernel, bias),
    linearCrossEntropy: (hidden, kernel, bias, labels) =>
      linearCrossEntropy(backend, hidden, kernel, bias, labels),
    dropout: (x, rate, seed) => dropout(backend, x, rate, seed),
    conv2d: (...args) => conv2d(backend, ...args),
  };
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

/** _FusedConv2D. */
function conv2d(
  backend: TensorFlowBackend,
  input: tf.Tensor4D,
  filter: tf.Tensor4D,
  bias: tf.Tensor1D,
  strides: [number, number],
  pad: "same" | "valid" | [number, number, number, number],
  activation: "linear" | "relu" | "relu6",
): tf.Tensor4D {
  const explicit = Array.isArray(pad);
  const fusedOps = { linear: ["BiasAdd"], relu: ["BiasAdd", "Relu"], relu6: ["BiasAdd", "Relu6"] };
  const attributes: TFEOpAttr[] = [
    FLOAT,
    { name: "TArgs", type: AttributeType.type, value: [DataType.float32] },
    { name: "num_args", type: AttributeType.int, value: 1 },
    { name: "fused_ops", type: AttributeType.string, value: fusedOps[activation] },
    { name: "strides", type: AttributeType.int, value: [1, ...strides, 1] },
    {
      name: "padding",
      type: AttributeType.string,
      value: explicit ? "EXPLICIT" : pad.toUpperCase(),
    },
    {
      name: "explicit_paddings",
      type: AttributeType.int,
      value: explicit ? [0, 0, ...pad, 0, 0] : [],
    },
    { name: "data_format", type: AttributeType.string, value: "NHWC" },
    { name: "dilations", type: AttributeType.int, value: [1, 1, 1, 1] },
    { name: "epsilon", type: AttributeType.float, value: 0 },
  ];
  return execute(backend, "_FusedConv2D", attributes, [input, filter, bias], 1)[0] as tf.Tensor4D;
}
