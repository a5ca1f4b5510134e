import { Random } from "../../../lib/random/mod.ts";

type Field = number | string | Uint8Array | readonly Field[];

/** A protocol buffer of these fields, numbered; a list stands for a repeated one. */
function message(fields: Record<number, Field | undefined>): Uint8Array {
  const bytes: number[] = [];
  const varint = (value: number) => {
    let rest = BigInt.asUintN(64, BigInt(value));
    for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
    bytes.push(Number(rest));
  };
  const put = (number: number, value: Field) => {
    if (Array.isArray(value)) return value.forEach((each) => put(number, each));
    if (typeof value === "number") {
      varint(number << 3);
      return varint(value);
    }
    const content = typeof value === "string"
      ? new TextEncoder().encode(value)
      : value as Uint8Array;
    varint(number << 3 | 2);
    varint(content.length);
    for (const byte of content) bytes.push(byte);
  };
  for (const [number, value] of Object.entries(fields)) {
    if (value !== undefined) put(Number(number), value);
  }
  return Uint8Array.from(bytes);
}

function node(
  type: string,
  inputs: string[],
  output: string,
  attributes: Record<string, number | number[]> = {},
): Uint8Array {
  const list = Object.entries(attributes).map(([name, value]) =>
    Array.isArray(value)
      ? message({ 1: name, 8: value, 20: 7 })
      : message({ 1: name, 3: value, 20: 2 })
  );
  return message({ 1: inputs, 2: [output], 4: type, 5: list });
}

function value(name: string, shape: (number | string)[]): Uint8Array {
  const dims = shape.map((side) => message(typeof side === "number" ? { 1: side } : { 2: side }));
  return message({ 1: name, 2: message({ 1: message({ 1: 1, 2: message({ 1: dims }) }) }) });
}

/** What of a network is to be another. */
export interface OnnxOptions {
  /** Sides of its input. @default {["batch", 3, "height", "width"]} */
  input?: (number | string)[];
  /** Outputs. @default {both} */
  outputs?: string[];
  /** A second input. */
  also?: string;
}

/** Numbers of a token. */
export const WIDTH = 24;

/**
 * An ONNX file of a small vision transformer with random weights: patches of 8 × 8 pixels, a token
 * before them, attention; `last_hidden_state` of all tokens, `image_embeds` of the first.
 */
export function onnxNetwork(
  {
    input = ["batch", 3, "height", "width"],
    outputs = ["last_hidden_state", "image_embeds"],
    also,
  }: OnnxOptions = {},
): Uint8Array {
  const random = new Random(7);
  const floats = (name: string, shape: number[], scale: number) => {
    const count = shape.reduce((product, side) => product * side, 1);
    const data = Float32Array.from({ length: count }, () => scale * (2 * random.uniform() - 1));
    return message({ 1: shape, 2: 1, 8: name, 9: new Uint8Array(data.buffer) });
  };
  const integers = (name: string, shape: number[], values: number[]) => {
    const data = BigInt64Array.from(values.map(BigInt));
    return message({ 1: shape, 2: 7, 8: name, 9: new Uint8Array(data.buffer) });
  };
  const square = [WIDTH, WIDTH];
  const isLast = input.at(-1) === 3;
  const graph = message({
    1: [
      ...isLast ? [node("Transpose", ["pixel_values"], "first_axis", { perm: [0, 3, 1, 2] })] : [],
      node("Conv", [isLast ? "first_axis" : "pixel_values", "patch"], "cells", {
        kernel_shape: [8, 8],
        strides: [8, 8],
      }),
      node("Reshape", ["cells", "flat"], "rows"),
      node("Transpose", ["rows"], "patches", { perm: [0, 2, 1] }),
      node("ReduceMean", ["patches"], "mean", { axes: [1], keepdims: 1 }),
      node("Concat", ["mean", "patches"], "tokens", { axis: 1 }),
      node("LayerNormalization", ["tokens", "scale", "bias"], "normal", { axis: 2 }),
      node("MatMul", ["normal", "query"], "q"),
      node("MatMul", ["normal", "key"], "k"),
      node("Transpose", ["k"], "kt", { perm: [0, 2, 1] }),
      node("MatMul", ["q", "kt"], "scores"),
      node("Softmax", ["scores"], "attention", { axis: 2 }),
      node("MatMul", ["attention", "normal"], "mixed"),
      node("Add", ["tokens", "mixed"], "last_hidden_state"),
      node("Gather", ["last_hidden_state", "first"], "class", { axis: 1 }),
      node("MatMul", ["class", "projection"], "image_embeds"),
    ],
    2: "small",
    5: [
      floats("patch", [WIDTH, 3, 8, 8], 0.15),
      integers("flat", [3], [0, WIDTH, -1]),
      floats("scale", [WIDTH], 1),
      floats("bias", [WIDTH], 1),
      floats("query", square, 0.3),
      floats("key", square, 0.3),
      integers("first", [], [0]),
      floats("projection", square, 0.3),
    ],
    11: [value("pixel_values", input), ...also === undefined ? [] : [value(also, ["batch"])]],
    12: outputs.map((name) => value(name, [])),
  });
  return message({ 1: 8, 7: graph, 8: [message({ 1: "", 2: 17 })] });
}
