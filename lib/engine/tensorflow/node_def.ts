import { Buffer } from "node:buffer";
import { DataType } from "./data_types.ts";
import { type Field, message } from "./protobuf.ts";

/** Operations that functions are made of, and names of their results. */
export const OPERATIONS = {
  AddN: ["sum"],
  AddV2: ["z"],
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
  Mul: ["z"],
  Pad: ["output"],
  RealDiv: ["z"],
  Reshape: ["output"],
  Shape: ["output"],
  Sigmoid: ["y"],
  SigmoidGrad: ["z"],
  Slice: ["output"],
  Split: ["output"],
  SplitV: ["output"],
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
} | { ints: readonly number[]; shape: readonly number[] };

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
  const { ints, shape } = attribute;
  const dimensions = shape.map((size): Field => [2, message([1, size])]);
  const bytes = Buffer.from(Int32Array.from(ints).buffer).toString("latin1");
  return message([8, message([1, DataType.int32], [2, message(...dimensions)], [4, bytes])]);
}
