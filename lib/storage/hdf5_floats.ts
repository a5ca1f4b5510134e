import type { Dataset } from "h5wasm/node";

/** Floating-point numbers that can be read; 16-bit ones are widened. */
export type FloatType = "float16" | "bfloat16" | "float32" | "float64";

/** The library's names, without the file's byte order before them, which it changes itself. */
const NAMES: Readonly<Record<string, FloatType>> = { e: "float16", f: "float32", d: "float64" };

/** HDF5's class of integers, under which the library gives the bits of two bytes. */
const INTEGERS = 0;

/** Type of an array's floating-point numbers; undefined if it has others. */
export function floatTypeOf(dataset: Dataset): FloatType | undefined {
  const name = typeof dataset.dtype === "string"
    ? NAMES[dataset.dtype.replace(/^[<>]/, "")]
    : undefined;
  if (name !== undefined) return name;
  // HDF5 has no such type: Keras 3 writes two bytes without meaning, and names them.
  const isNamed = dataset.metadata.size === 2 && Object.keys(dataset.attrs).includes("dtype") &&
    dataset.attrs.dtype.json_value === "bfloat16";
  return isNamed ? "bfloat16" : undefined;
}

/**
 * An array's numbers, or those of some rows.
 *
 * @param rows first row, and the row after the last one
 */
export function readFloats(
  dataset: Dataset,
  type: FloatType,
  rows?: [number, number],
): ArrayLike<number> {
  const read = type === "float16" ? asIntegers(dataset) : dataset;
  const found: unknown = rows === undefined ? read.value : read.slice([rows]);
  const numbers = typeof found === "number" ? [found] : found as ArrayLike<number>;
  if (type === "float16") return new Float16Array(Uint16Array.from(numbers).buffer);
  return type === "bfloat16" ? fromBfloat16(Uint8Array.from(numbers)) : numbers;
}

/** The library refuses two-byte floats, but not to read their bits. */
function asIntegers(dataset: Dataset): Dataset {
  const metadata = { ...dataset.metadata, type: INTEGERS, signed: false };
  return Object.create(dataset, { metadata: { value: metadata } });
}

/** A bfloat16 is the upper half of a float32. */
function fromBfloat16(bytes: Uint8Array): Float32Array {
  const bits = new Uint16Array(bytes.buffer);
  return new Float32Array(Uint32Array.from(bits, (half) => half << 16).buffer);
}
