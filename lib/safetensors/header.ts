/** Element types of the safetensors format that can be read and written. */
export type Dtype =
  | "F64"
  | "F32"
  | "F16"
  | "BF16"
  | "I64"
  | "U64"
  | "I32"
  | "U32"
  | "I16"
  | "U16"
  | "I8"
  | "U8"
  | "BOOL";

/** Numbers of a tensor; BF16 is given as its 16 bits, BOOL as bytes 0 and 1. */
export type TensorData =
  | Float64Array
  | Float32Array
  | Float16Array
  | BigInt64Array
  | BigUint64Array
  | Int32Array
  | Uint32Array
  | Int16Array
  | Uint16Array
  | Int8Array
  | Uint8Array;

/** A tensor's bytes: [begin, end) of the data after the header. */
export interface TensorRange {
  dtype: Dtype;
  shape: number[];
  begin: number;
  end: number;
}

/** A parsed header: ranges in the order of the file. */
export interface SafetensorsHeader {
  /** Texts that the writer stored beside the tensors. */
  metadata: Record<string, string>;
  /** Where each tensor lies, by name. */
  tensors: Map<string, TensorRange>;
}

// deno-lint-ignore no-explicit-any
type ArrayClass = { new (...args: any[]): TensorData; BYTES_PER_ELEMENT: number };

const ARRAYS: Record<Dtype, ArrayClass> = {
  F64: Float64Array,
  F32: Float32Array,
  F16: Float16Array,
  BF16: Uint16Array,
  I64: BigInt64Array,
  U64: BigUint64Array,
  I32: Int32Array,
  U32: Uint32Array,
  I16: Int16Array,
  U16: Uint16Array,
  I8: Int8Array,
  U8: Uint8Array,
  BOOL: Uint8Array,
};

/** The format's own bound, so that a wrong length does not allocate all memory. */
export const LONGEST_HEADER = 100_000_000;

/** The class of array that holds a type. */
export function arrayOf(dtype: Dtype): ArrayClass {
  return ARRAYS[dtype];
}

/** The type that an array holds, unless one is given. */
export function dtypeOf(data: TensorData): Dtype {
  const found = Object.entries(ARRAYS).find(([name, array]) =>
    data instanceof array && name !== "BF16"
  );
  if (found === undefined) throw new TypeError(`safetensors has no type for ${data}`);
  return found[0] as Dtype;
}

/** The product of a shape's dimensions; 1 for a scalar's `[]`. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((size, dimension) => size * dimension, 1);
}

/**
 * Reads and checks a header's JSON against the number of bytes behind it.
 *
 * @param name what to call the file in messages
 * @throws {SyntaxError} if anything in it is malformed
 */
export function parseHeader(json: Uint8Array, dataLength: number, name: string): SafetensorsHeader {
  const fields = parseObject(json, name);
  const metadata: Record<string, string> = {};
  const ranges: [string, TensorRange][] = [];
  for (const [key, value] of Object.entries(fields)) {
    if (key === "__metadata__") Object.assign(metadata, checkedMetadata(value, name));
    else ranges.push([key, checkedRange(key, value, name)]);
  }
  ranges.sort(([, a], [, b]) => a.begin - b.begin || a.end - b.end);
  let reached = 0;
  for (const [tensor, { begin, end }] of ranges) {
    if (begin < reached) {
      throw malformed(name, `tensor "${shown(tensor)}" overlaps the one before it`);
    }
    if (begin > reached) throw malformed(name, `there is a gap before tensor "${shown(tensor)}"`);
    reached = end;
  }
  if (reached > dataLength) {
    throw malformed(name, `it is truncated: ${dataLength} of ${reached} bytes of data are present`);
  }
  if (reached < dataLength) {
    throw malformed(
      name,
      `${dataLength - reached} bytes after its last tensor belong to no tensor`,
    );
  }
  return { metadata, tensors: new Map(ranges) };
}

/** The error for a file that does not follow the format. */
export function malformed(name: string, what: string): SyntaxError {
  return new SyntaxError(
    `${name} is not a valid safetensors file: ${what}; delete it and create or download it again`,
  );
}

function parseObject(json: Uint8Array, name: string): Record<string, unknown> {
  let fields: unknown;
  try {
    fields = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(json));
  } catch {
    throw malformed(name, "its header is not JSON");
  }
  if (!isObject(fields)) throw malformed(name, "its header is not a JSON object");
  return fields;
}

function checkedMetadata(value: unknown, name: string): Record<string, string> {
  if (!isObject(value) || Object.values(value).some((text) => typeof text !== "string")) {
    throw malformed(name, "its __metadata__ is not an object of texts");
  }
  return value as Record<string, string>;
}

function checkedRange(tensor: string, value: unknown, name: string): TensorRange {
  const { dtype, shape, data_offsets: offsets } = isObject(value) ? value : {};
  if (typeof dtype !== "string" || !Object.hasOwn(ARRAYS, dtype)) {
    const known = Object.keys(ARRAYS).join(", ");
    throw malformed(
      name,
      `tensor "${shown(tensor)}" has ${
        typeof dtype === "string" ? `dtype "${shown(dtype)}"` : "no dtype"
      }, not ${known}`,
    );
  }
  if (!isCounts(shape)) throw malformed(name, `tensor "${shown(tensor)}" has no valid shape`);
  if (!isCounts(offsets) || offsets.length !== 2 || offsets[0] > offsets[1]) {
    throw malformed(name, `tensor "${shown(tensor)}" has no valid data_offsets`);
  }
  const [begin, end] = offsets;
  const bytes = sizeOf(shape) * ARRAYS[dtype as Dtype].BYTES_PER_ELEMENT;
  if (bytes !== end - begin) {
    const found = `${end - begin} bytes where ${dtype} [${shape}] takes ${bytes}`;
    throw malformed(name, `tensor "${shown(tensor)}" has ${found}`);
  }
  return { dtype: dtype as Dtype, shape, begin, end };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((count) => Number.isSafeInteger(count) && count >= 0);
}

/** A name of any length would hide what the message says. */
function shown(name: string): string {
  return name.length > 60 ? `${name.slice(0, 60)}…` : name;
}
