import { Buffer } from "node:buffer";
import { DataType } from "./data_types.ts";
import { type Field, message } from "./protobuf.ts";

/** Operations that functions are made of, and names of their results. */
export const OPERATIONS = {
  AddN: ["sum"],
  AddV2: ["z"],
  BatchMatMulV2: ["output"],
  BiasAdd: ["output"],
  BiasAddGrad: ["output"],
  Cast: ["y"],
  ConcatV2: ["output"],
  Exp: ["y"],
  GatherNd: ["output"],
  GatherV2: ["output"],
  Log: ["y"],
  MatMul: ["product"],
  Max: ["output"],
  Mean: ["output"],
  Mul: ["z"],
  Pad: ["output"],
  RealDiv: ["z"],
  Reshape: ["output"],
  Shape: ["output"],
  Sigmoid: ["y"],
  SigmoidGrad: ["z"],
  Slice: ["output"],
  Softmax: ["softmax"],
  Split: ["output"],
  SplitV: ["output"],
  Square: ["y"],
  Sub: ["z"],
  Sum: ["output"],
  Tanh: ["y"],
  TanhGrad: ["z"],
  TensorScatterSub: ["output"],
  Transpose: ["y"],
  UnsortedSegmentSum: ["output"],
  ZerosLike: ["y"],
  _FusedMatMul: ["product"],
} as const satisfies Record<string, [result: string]>;

/** Name of one of these operations. */
export type OperationName = keyof typeof OPERATIONS;

/** An attribute of an operation. */
export type Attribute = { type: number } | { int: number } | { bool: boolean } | {
  texts: string[];
} | Constant;

/** Numbers of a tensor. */
export type Constant =
  & ({ ints: readonly number[] } | { floats: readonly number[] })
  & { shape: readonly number[] };

/** A `NodeDef` (tensorflow/core/framework/node_def.proto): an operation within a function. */
export function nodeDef(
  name: string,
  operation: OperationName | "Const",
  inputs: readonly string[],
  attributes: Record<string, Attribute>,
): string {
  return message(
    [1, name],
    [2, operation],
    ...inputs.map((input): Field => [3, input]),
    ...Object.entries(attributes).map(([key, attribute]): Field => [
      5,
      message([1, key], [2, attrValue(attribute)]),
    ]),
  );
}

/** tensorflow/core/framework/attr_value.proto */
function attrValue(attribute: Attribute): string {
  if ("type" in attribute) return message([6, attribute.type]);
  if ("int" in attribute) return message([3, attribute.int]);
  if ("bool" in attribute) return message([5, attribute.bool ? 1 : 0]);
  if ("texts" in attribute) {
    return message([1, message(...attribute.texts.map((text): Field => [2, text]))]);
  }
  return message([8, tensor(attribute)]);
}

/** tensorflow/core/framework/tensor.proto */
function tensor(constant: Constant): string {
  const [type, data] = "ints" in constant
    ? [DataType.int32, Int32Array.from(constant.ints)]
    : [DataType.float32, Float32Array.from(constant.floats)];
  const dimensions = constant.shape.map((size): Field => [2, message([1, size])]);
  const bytes = Buffer.from(data.buffer).toString("latin1");
  return message([1, type], [2, message(...dimensions)], [4, bytes]);
}
