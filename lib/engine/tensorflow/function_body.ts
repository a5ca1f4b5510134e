import { Buffer } from "node:buffer";
import type { Arithmetic } from "../../nn/mod.ts";
import { DataType } from "./data_types.ts";
import {
  type Attribute,
  type Constant,
  nodeDef,
  type OperationName,
  OPERATIONS,
} from "./node_def.ts";
import { type Field, message } from "./protobuf.ts";

/** A value within a function: an input, or an operation's result. */
export type Value = string;

const FLOATS = { T: { type: DataType.float32 } };
const INTS = { type: DataType.int32 };

/**
 * Many operations as one: TensorFlow calls them without coming back to JavaScript in between, and
 * those that do not depend on each other side by side.
 */
export class FunctionBody {
  readonly #nodes: string[] = [];
  readonly #constants = new Map<string, Value>();
  readonly #rounded = new Map<Value, Value>();
  readonly #arithmetic: Arithmetic;

  /** @param arithmetic that of its products of matrices */
  constructor(arithmetic: Arithmetic = "float32") {
    this.#arithmetic = arithmetic;
  }

  /**
   * An operation.
   *
   * @param attributes in place of the type float32, which most operations have under the name T
   * @returns its first result
   */
  op(
    name: OperationName,
    inputs: readonly Value[],
    attributes: Record<string, Attribute> = FLOATS,
  ): Value {
    return `${this.#add(name, inputs, attributes)}:${OPERATIONS[name][0]}:0`;
  }

  /** Equal parts along an axis. @param type the data type of their elements */
  split(x: Value, parts: number, axis: number, type: number = DataType.float32): Value[] {
    if (parts === 1) return [x];
    const attributes = { T: { type }, num_split: { int: parts } };
    return resultsOf(this.op("Split", [this.#int(axis), x], attributes), parts);
  }

  /** Parts of so many rows. @param sizes int32 [parts] */
  cut(x: Value, sizes: Value, parts: number, type: number = DataType.float32): Value[] {
    const attributes = { T: { type }, num_split: { int: parts }, Tlen: INTS };
    return resultsOf(this.op("SplitV", [x, sizes, this.#int(0)], attributes), parts);
  }

  /** Parts of so many along an axis. */
  cutAlong(x: Value, sizes: readonly number[], axis: number): Value[] {
    const attributes = { ...FLOATS, num_split: { int: sizes.length }, Tlen: INTS };
    const inputs = [x, this.#ints([...sizes]), this.#int(axis)];
    return resultsOf(this.op("SplitV", inputs, attributes), sizes.length);
  }

  /** Below each other, or along another axis. */
  concat(parts: readonly Value[], axis = 0): Value {
    if (parts.length === 1) return parts[0];
    const attributes = { ...FLOATS, N: { int: parts.length }, Tidx: INTS };
    return this.op("ConcatV2", [...parts, this.#int(axis)], attributes);
  }

  /** Another shape; -1 for the one side that follows from the others. */
  reshape(x: Value, shape: number[], type: number = DataType.float32): Value {
    return this.op("Reshape", [x, this.#ints(shape)], { T: { type }, Tshape: INTS });
  }

  /** A matrix from some row on; no copy where it lies well in memory. @param from int32 [2] */
  sliceFrom(x: Value, from: Value): Value {
    return this.op("Slice", [x, from, this.#ints([-1, -1])], { ...FLOATS, Index: INTS });
  }

  /** A matrix' first rows. @param size int32 [2]: how many, and -1 */
  sliceTo(x: Value, size: Value): Value {
    return this.op("Slice", [x, this.#ints([0, 0]), size], { ...FLOATS, Index: INTS });
  }

  /** Zeros around a matrix. @param paddings int32 [2, 2] */
  pad(x: Value, paddings: Value): Value {
    return this.op("Pad", [x, paddings], { ...FLOATS, Tpaddings: INTS });
  }

  /** Some rows of a matrix. @param rows int32 */
  gather(x: Value, rows: Value): Value {
    return this.#gather(x, rows, DataType.float32);
  }

  /** The other way round: what belongs to each row of a matrix, added up. */
  sumByRow(x: Value, rows: Value, matrix: Value): Value {
    const shape = this.op("Shape", [matrix], { ...FLOATS, out_type: INTS });
    const count = this.#gather(shape, this.#int(0), DataType.int32);
    const attributes = { ...FLOATS, Tindices: INTS, Tnumsegments: INTS };
    return this.op("UnsortedSegmentSum", [x, rows, count], attributes);
  }

  /** The product of two matrices, which are rounded before where it is computed in bfloat16. */
  matMul(a: Value, b: Value, { transposeA = false, transposeB = false } = {}): Value {
    if (this.#arithmetic === "float32") {
      return this.exactMatMul(a, b, { transposeA, transposeB });
    }
    const transposes = { transpose_a: { bool: transposeA }, transpose_b: { bool: transposeB } };
    const type = { type: DataType.bfloat16 };
    const product = this.op("MatMul", [this.#round(a), this.#round(b)], { T: type, ...transposes });
    return this.op("Cast", [product], { SrcT: type, DstT: FLOATS.T });
  }

  /** The product of float32 matrices, whatever the arithmetic. */
  exactMatMul(a: Value, b: Value, { transposeA = false, transposeB = false } = {}): Value {
    const transposes = { transpose_a: { bool: transposeA }, transpose_b: { bool: transposeB } };
    return this.op("MatMul", [a, b], { ...FLOATS, ...transposes });
  }

  /** {@linkcode matMul}, and a bias added to every row, while the product is still in the cache. */
  linear(x: Value, kernel: Value, bias: Value): Value {
    if (this.#arithmetic === "bfloat16") {
      return this.op("BiasAdd", [this.matMul(x, kernel), bias]);
    }
    return this.op("_FusedMatMul", [x, kernel, bias], {
      ...FLOATS,
      num_args: { int: 1 },
      fused_ops: { texts: ["BiasAdd"] },
    });
  }

  /** Products of many matrices, those of the last two axes, whatever the arithmetic. */
  batchMatMul(a: Value, b: Value, { transposeA = false, transposeB = false } = {}): Value {
    const transposes = { adj_x: { bool: transposeA }, adj_y: { bool: transposeB } };
    return this.op("BatchMatMulV2", [a, b], { ...FLOATS, ...transposes });
  }

  /** Axes in another order; of a matrix, rows and columns exchanged. */
  transpose(x: Value, order = [1, 0]): Value {
    return this.op("Transpose", [x, this.#ints(order)], { ...FLOATS, Tperm: INTS });
  }

  /** Single elements of a matrix. @param positions int32 [count, 2] */
  gatherAt(x: Value, positions: Value): Value {
    return this.op("GatherNd", [x, positions], { Tparams: FLOATS.T, Tindices: INTS });
  }

  /** Single elements of a matrix lowered, in place where nothing else reads it. */
  scatterSub(x: Value, positions: Value, by: Value): Value {
    return this.op("TensorScatterSub", [x, positions, by], { ...FLOATS, Tindices: INTS });
  }

  /** The sum of a vector, a scalar; of a matrix, that of each column. */
  sum(x: Value): Value {
    return this.op("Sum", [x, this.#ints([0])], { ...FLOATS, Tidx: INTS });
  }

  /** Sum, mean or largest along an axis, which stays, with length 1; of each row of a matrix. */
  ofRows(name: "Sum" | "Mean" | "Max", x: Value, axis = 1): Value {
    const attributes = { ...FLOATS, Tidx: INTS, keep_dims: { bool: true } };
    return this.op(name, [x, this.#ints([axis])], attributes);
  }

  /** An operation that begins when another value is there, though it does not read it. */
  after(value: Value, name: OperationName, inputs: readonly Value[]): Value {
    return this.op(name, [...inputs, `^${value.slice(0, value.indexOf(":"))}`]);
  }

  /** A sum of values of one shape. */
  addN(values: readonly Value[]): Value {
    if (values.length === 1) return values[0];
    return this.op("AddN", values, { ...FLOATS, N: { int: values.length } });
  }

  /** The product of two values, element by element. */
  mul(a: Value, b: Value): Value {
    return this.op("Mul", [a, b]);
  }

  /** The sum of two values, element by element. */
  add(a: Value, b: Value): Value {
    return this.op("AddV2", [a, b]);
  }

  /** A number, as a scalar. */
  number(value: number): Value {
    return this.#constant(`${value} float`, FLOATS.T, { floats: [value], shape: [] });
  }

  /** A `FunctionDef` (tensorflow/core/framework/function.proto). */
  definition(
    name: string,
    inputs: ReadonlyMap<string, number>,
    outputs: readonly Value[],
  ): Uint8Array {
    const argument = (name: string, type: number = DataType.float32) =>
      message([1, name], [3, type]);
    const results = outputs.map((_, i) => `result_${i}`);
    const signature = message(
      [1, name],
      ...[...inputs].map(([input, type]): Field => [2, argument(input, type)]),
      ...results.map((result): Field => [3, argument(result)]),
    );
    const definition = message(
      [1, signature],
      ...this.#nodes.map((node): Field => [3, node]),
      ...outputs.map((value, i): Field => [4, message([1, results[i]], [2, value])]),
    );
    return Buffer.from(definition, "latin1");
  }

  /** Once for all products that it is a factor of. */
  #round(x: Value): Value {
    const known = this.#rounded.get(x);
    if (known !== undefined) return known;
    const rounded = this.op("Cast", [x], { SrcT: FLOATS.T, DstT: { type: DataType.bfloat16 } });
    this.#rounded.set(x, rounded);
    return rounded;
  }

  #gather(x: Value, indices: Value, type: number): Value {
    return this.op("GatherV2", [x, indices, this.#int(0)], {
      Tparams: { type },
      Tindices: INTS,
      Taxis: INTS,
    });
  }

  #int(value: number): Value {
    return this.#ints([value], []);
  }

  #ints(ints: number[], shape = [ints.length]): Value {
    return this.#constant(`${ints} ${shape}`, INTS, { ints, shape });
  }

  /** Once for all operations that read it. */
  #constant(key: string, dtype: { type: number }, value: Constant): Value {
    const known = this.#constants.get(key);
    if (known !== undefined) return known;
    const made = `${this.#add("Const", [], { dtype, value })}:output:0`;
    this.#constants.set(key, made);
    return made;
  }

  #add(
    operation: OperationName | "Const",
    inputs: readonly Value[],
    attributes: Record<string, Attribute>,
  ): string {
    const name = `node_${this.#nodes.length}`;
    this.#nodes.push(nodeDef(name, operation, inputs, attributes));
    return name;
  }
}

/** All results of an operation that has several of one kind. */
function resultsOf(first: Value, count: number): Value[] {
  return Array.from({ length: count }, (_, i) => first.replace(/0$/, String(i)));
}
