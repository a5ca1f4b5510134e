import type { ConvolutionActivation, Padding } from "../../nn/mod.ts";
import type { TFEOpAttr } from "./binding_types.ts";
import { AttributeType } from "./data_types.ts";

/** NHWC. */
export const CHANNELS_LAST: TFEOpAttr = {
  name: "data_format",
  type: AttributeType.string,
  value: "NHWC",
};

const FUSED_OPS = {
  linear: ["BiasAdd"],
  relu: ["BiasAdd", "Relu"],
  relu6: ["BiasAdd", "Relu6"],
};

/** The label under which oneDNN's kernels for TensorFlow's own layouts are registered. */
export const ONE_DNN: TFEOpAttr = {
  name: "_kernel",
  type: AttributeType.string,
  value: "MklNameChangeOp",
};

/** What a fused convolution does, its type `T` aside. */
export function convolutionAttributes(
  strides: [number, number],
  pad: Padding,
  activation: ConvolutionActivation,
): TFEOpAttr[] {
  return [
    { name: "num_args", type: AttributeType.int, value: 1 },
    { name: "fused_ops", type: AttributeType.string, value: FUSED_OPS[activation] },
    ...windowAttributes(strides, pad),
    { name: "epsilon", type: AttributeType.float, value: 0 },
  ];
}

/** Where a convolution's windows lie. */
export function windowAttributes(strides: [number, number], pad: Padding): TFEOpAttr[] {
  const explicit = Array.isArray(pad);
  return [
    { name: "strides", type: AttributeType.int, value: [1, ...strides, 1] },
    {
      name: "padding",
      type: AttributeType.string,
      value: explicit ? "EXPLICIT" : pad.toUpperCase(),
    },
    ...(explicit
      ? [{
        name: "explicit_paddings",
        type: AttributeType.int,
        value: [0, 0, ...pad, 0, 0],
      }]
      : []),
    CHANNELS_LAST,
    { name: "dilations", type: AttributeType.int, value: [1, 1, 1, 1] },
  ];
}
