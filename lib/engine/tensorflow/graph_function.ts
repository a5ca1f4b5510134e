import { Buffer } from "node:buffer";
import * as tf from "@tensorflow/tfjs";
import type { TensorFlowBackend } from "./backend.ts";
import { DataType } from "./data_types.ts";
import { execute } from "./operations.ts";
import { type Field, message } from "./protobuf.ts";

/** A value within a function: an input, or an operation's result. */
export type Value = string;

/** Operations that functions are made of: names of their results, and of the attributes of types. */
const OPERATIONS = {
  AddN: ["sum"],
  AddV2: ["z"],
  BiasAddGrad: ["output"],
  ConcatV2: ["output"],
  MatMul: ["product"],
  Mul: ["z"],
  Pad: ["output"],
  Reshape: ["output"],
  Sigmoid: ["y"],
  SigmoidGrad: ["z"],
  Slice: ["output"],
  Split: ["output"],
  SplitV: ["output"],
  Tanh: ["y"],
  TanhGrad: ["z"],
  Transpose: ["y"],
  ZerosLike: ["y"],
} as const satisfies Record<string, [result: string]>;

/** Name of one of these operations. */
export type OperationName = keyof typeof OPERATIONS;

type Attribute = { type: number } | { int: number } | { bool: boolean };

/**
 * Many operations as one: TensorFlow calls them without coming back to JavaScript in between, and
 * those that do not depend on each other side by side.
 */
export class FunctionBody {
  readonly #nodes: string[] = [];
  readonly #constants = new Map<string, Value>();

  /**
   * An operation on float32 values.
   *
   * @returns its first result; of Split, call {@linkcode resultsOf}
   */
  op(
    name: OperationName,
    inputs: readonly Value[],
    attributes: Record<string, Attribute> = {},
  ): Value {
    const node = this.#add(name, inputs, { T: { type: DataType.float32 }, ...attributes });
    return `${node}:${OPERATIONS[name][0]}:0`;
  }

  /** Equal parts along an axis. */
  split(x: Value, parts: number, axis: number): Value[] {
    const first = this.op("Split", [this.#int(axis), x], { num_split: { int: parts } });
    return Array.from({ length: parts }, (_, i) => first.replace(/0$/, String(i)));
  }

  /** Below each other, or along another axis. */
  concat(parts: readonly Value[], axis = 0): Value {
    if (parts.length === 1) return parts[0];
    const attributes = { N: { int: parts.length }, Tidx: { type: DataType.int32 } };
    return this.op("ConcatV2", [...parts, this.#int(axis)], attributes);
  }

  /** Another shape; -1 for the one side that follows from the others. */
  reshape(x: Value, shape: number[]): Value {
    return this.op("Reshape", [x, this.#ints(shape)], { Tshape: { type: DataType.int32 } });
  }

  /** Some items along the first axis of three; no copy where they lie well in memory. */
  slice(x: Value, from: number, count: number): Value {
    return this.op("Slice", [x, this.#ints([from, 0, 0]), this.#ints([count, -1, -1])], {
      Index: { type: DataType.int32 },
    });
  }

  /** Parts of so many items along the first axis, likewise. */
  cut(x: Value, counts: readonly number[]): Value[] {
    if (counts.length === 1) return [x];
    const first = this.op("SplitV", [x, this.#ints([...counts]), this.#int(0)], {
      num_split: { int: counts.length },
      Tlen: { type: DataType.int32 },
    });
    return counts.map((_, i) => first.replace(/0$/, String(i)));
  }

  /** Zeros before and after, along the first axis of three. */
  pad(x: Value, before: number, after: number): Value {
    return this.op("Pad", [x, this.#ints([before, after, 0, 0, 0, 0], [3, 2])], {
      Tpaddings: { type: DataType.int32 },
    });
  }

  /** The product of two matrices. */
  matMul(a: Value, b: Value, { transposeA = false, transposeB = false } = {}): Value {
    return this.op("MatMul", [a, b], {
      transpose_a: { bool: transposeA },
      transpose_b: { bool: transposeB },
    });
  }

  /** A matrix with rows and columns exchanged. */
  transpose(x: Value): Value {
    return this.op("Transpose", [x, this.#ints([1, 0])], { Tperm: { type: DataType.int32 } });
  }

  /** A sum of values of one shape. */
  addN(values: readonly Value[]): Value {
    if (values.length === 1) return values[0];
    return this.op("AddN", values, { N: { int: values.length } });
  }

  /** The product of two values, element by element. */
  mul(a: Value, b: Value): Value {
    return this.op("Mul", [a, b]);
  }

  /** The sum of two values, element by element. */
  add(a: Value, b: Value): Value {
    return this.op("AddV2", [a, b]);
  }

  /** A `FunctionDef` (tensorflow/core/framework/function.proto). */
  definition(name: string, inputs: readonly string[], outputs: readonly Value[]): Uint8Array {
    const argument = (name: string) => message([1, name], [3, DataType.float32]);
    const results = outputs.map((_, i) => `result_${i}`);
    const signature = message(
      [1, name],
      ...inputs.map((input): Field => [2, argument(input)]),
      ...results.map((result): Field => [3, argument(result)]),
    );
    const definition = message(
      [1, signature],
      ...this.#nodes.map((node): Field => [3, node]),
      ...outputs.map((value, i): Field => [4, message([1, results[i]], [2, value])]),
    );
    return Buffer.from(definition, "latin1");
  }

  #int(value: number): Value {
    return this.#ints([value], []);
  }

  #ints(values: number[], shape = [values.length]): Value {
    const key = `${values} ${shape}`;
    const known = this.#constants.get(key);
    if (known !== undefined) return known;
    const dims = shape.map((size): Field => [2, message([1, size])]);
    const tensor = message(
      [1, DataType.int32],
      [2, message(...dims)],
      [4, Buffer.from(Int32Array.from(values).buffer).toString("latin1")],
    );
    const node = this.#node("Const", [], [
      ["dtype", message([6, DataType.int32])],
      ["value", message([8, tensor])],
    ]);
    this.#constants.set(key, `${node}:output:0`);
    return `${node}:output:0`;
  }

  #add(name: string, inputs: readonly Value[], attributes: Record<string, Attribute>): string {
    return this.#node(
      name,
      inputs,
      Object.entries(attributes).map(([key, value]) => [
        key,
        "type" in value
          ? message([6, value.type])
          : "int" in value
          ? message([3, value.int])
          : message([5, value.bool ? 1 : 0]),
      ]),
    );
  }

  #node(op: string, inputs: readonly Value[], attributes: [string, string][]): string {
    const name = `node_${this.#nodes.length}`;
    this.#nodes.push(message(
      [1, name],
      [2, op],
      ...inputs.map((input): Field => [3, input]),
      ...attributes.map(([key, value]): Field => [5, message([1, key], [2, value])]),
    ));
    return name;
  }
}

/**
 * Runs a function of float32 tensors, which is made when it is first asked for.
 *
 * @param name tells it from all others: what it does and every size that it is made for; other sizes
 * may differ from call to call
 * @param build makes its body from its inputs
 */
export function callFunction(
  backend: TensorFlowBackend,
  name: string,
  inputs: tf.Tensor[],
  outputCount: number,
  build: (body: FunctionBody, inputs: Value[]) => Value[],
): tf.Tensor[] {
  backend.binding.demandFunction(name, () => {
    const body = new FunctionBody();
    const names = inputs.map((_, i) => `input_${i}`);
    return body.definition(name, names, build(body, names));
  });
  return execute(backend, name, [], inputs, outputCount);
}
