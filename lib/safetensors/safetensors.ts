import {
  arrayOf,
  type Dtype,
  dtypeOf,
  LONGEST_HEADER,
  malformed,
  parseHeader,
  type SafetensorsHeader,
  sizeOf,
  type TensorData,
  type TensorRange,
} from "./header.ts";

/** A named array of the safetensors format, row-major. */
export interface SafeTensor {
  /** Type of its numbers. */
  dtype: Dtype;
  /** Its dimensions; `[]` is a scalar. */
  shape: number[];
  /** As many numbers as the product of the shape. */
  data: TensorData;
}

/** A named array to write. */
export interface TensorToWrite {
  /** Type of its numbers; if omitted, it follows from the array's class. */
  dtype?: Dtype;
  /** Its dimensions; `[]` is a scalar. */
  shape: readonly number[];
  /** As many numbers as the product of the shape. */
  data: TensorData;
}

/** A file's bytes, and arrays that are views of them, to be filled. */
export interface SafetensorsBuffer {
  /** The whole file. */
  bytes: Uint8Array<ArrayBuffer>;
  /** Views of `bytes`. */
  tensors: Map<string, SafeTensor>;
}

/**
 * Tensors as bytes of a safetensors file. The same tensors in the same order give the same bytes;
 * wider types come first, so that every array is aligned.
 *
 * @throws {RangeError} if an array does not have as many numbers as its shape says
 * @throws {TypeError} if an array is not of its dtype's class
 */
export function encodeSafetensors(
  tensors: ReadonlyMap<string, TensorToWrite>,
  metadata: Record<string, string> = {},
): Uint8Array<ArrayBuffer> {
  const file = allocateSafetensors(specsOf(tensors), metadata);
  for (const [name, { data }] of file.tensors) {
    (data as Float32Array).set(tensors.get(name)!.data as Float32Array);
  }
  return file.bytes;
}

/**
 * The bytes of `encodeSafetensors`, one piece after the other: the header, then each tensor's own
 * memory, without a copy.
 *
 * @throws {RangeError} if an array does not have as many numbers as its shape says
 * @throws {TypeError} if an array is not of its dtype's class
 */
export function* safetensorsPieces(
  tensors: ReadonlyMap<string, TensorToWrite>,
  metadata: Record<string, string> = {},
): Generator<Uint8Array> {
  const { ranges, header } = layOut(specsOf(tensors), metadata);
  yield header;
  for (const name of ranges.keys()) {
    const { buffer, byteOffset, byteLength } = tensors.get(name)!.data;
    yield new Uint8Array(buffer, byteOffset, byteLength);
  }
}

function specsOf(tensors: ReadonlyMap<string, TensorToWrite>): Specs {
  const specs = new Map<string, { dtype: Dtype; shape: readonly number[] }>();
  for (const [name, { dtype, shape, data }] of tensors) {
    if (data.length !== sizeOf(shape)) {
      const expected = `${sizeOf(shape)} for shape [${shape}]`;
      throw new RangeError(`Tensor "${name}" has ${data.length} numbers, expected ${expected}`);
    }
    if (dtype !== undefined && !(data instanceof arrayOf(dtype))) {
      throw new TypeError(
        `Tensor "${name}" is a ${data.constructor.name}, which does not hold ${dtype}`,
      );
    }
    specs.set(name, { dtype: dtype ?? dtypeOf(data), shape });
  }
  return specs;
}

type Specs = ReadonlyMap<string, { dtype: Dtype; shape: readonly number[] }>;

/** Bytes of a safetensors file whose tensors are zero, to be filled in place. */
export function allocateSafetensors(
  specs: ReadonlyMap<string, { dtype: Dtype; shape: readonly number[] }>,
  metadata: Record<string, string> = {},
): SafetensorsBuffer {
  const { ranges, header, end } = layOut(specs, metadata);
  const bytes = new Uint8Array(header.length + end);
  bytes.set(header);
  return { bytes, tensors: viewed(ranges, bytes, header.length) };
}

/** Each tensor's range after the header, in the order of the file, and where the last one ends. */
function layOut(specs: Specs, metadata: Record<string, string>) {
  if (specs.has("__metadata__")) throw new RangeError('A tensor cannot be named "__metadata__"');
  const ranges = new Map<string, TensorRange>();
  const width = ({ dtype }: { dtype: Dtype }) => arrayOf(dtype).BYTES_PER_ELEMENT;
  let end = 0;
  for (const [name, spec] of [...specs].sort(([, a], [, b]) => width(b) - width(a))) {
    const begin = end;
    end += sizeOf(spec.shape) * width(spec);
    ranges.set(name, { dtype: spec.dtype, shape: [...spec.shape], begin, end });
  }
  return { ranges, header: encodeHeader(ranges, metadata), end };
}

/**
 * Reads tensors and metadata of a safetensors file's bytes; arrays are views of `bytes` where
 * alignment allows it.
 *
 * @param name what to call the file in messages
 * @throws {SyntaxError} if the bytes do not follow the format
 */
export function decodeSafetensors(
  bytes: Uint8Array,
  name = "The data",
): { tensors: Map<string, SafeTensor>; metadata: Record<string, string> } {
  const start = 8 + headerLength(bytes.subarray(0, 8), bytes.length, name);
  const header = parseHeader(bytes.subarray(8, start), bytes.length - start, name);
  return { tensors: viewed(header.tensors, bytes, start), metadata: header.metadata };
}

/**
 * Length of the JSON header behind a file's first 8 bytes.
 *
 * @throws {SyntaxError} if it cannot be that of a file of this size
 */
export function headerLength(first: Uint8Array, fileSize: number, name: string): number {
  if (fileSize < 8) throw malformed(name, `it is truncated: it has ${fileSize} bytes`);
  const view = new DataView(first.buffer, first.byteOffset, 8);
  const length = Number(view.getBigUint64(0, true));
  if (length > LONGEST_HEADER) throw malformed(name, `its header would be ${length} bytes long`);
  if (8 + length > fileSize) {
    throw malformed(
      name,
      `it is truncated: ${fileSize - 8} of ${length} bytes of header are present`,
    );
  }
  return length;
}

/** A tensor's array, from its bytes [begin, end). */
export function arrayAt(dtype: Dtype, bytes: Uint8Array): TensorData {
  const array = arrayOf(dtype);
  const aligned = bytes.byteOffset % array.BYTES_PER_ELEMENT === 0 ? bytes : bytes.slice();
  const length = bytes.length / array.BYTES_PER_ELEMENT;
  return new array(aligned.buffer, aligned.byteOffset, length);
}

function viewed(
  ranges: SafetensorsHeader["tensors"],
  bytes: Uint8Array,
  start: number,
): Map<string, SafeTensor> {
  const tensors = new Map<string, SafeTensor>();
  for (const [name, { dtype, shape, begin, end }] of ranges) {
    const data = arrayAt(dtype, bytes.subarray(start + begin, start + end));
    tensors.set(name, { dtype, shape, data });
  }
  return tensors;
}

function encodeHeader(
  ranges: Map<string, TensorRange>,
  metadata: Record<string, string>,
): Uint8Array {
  // By hand: an object would move names that look like integers to the front.
  const fields: string[] = [];
  if (Object.keys(metadata).length > 0) {
    const sorted = Object.entries(metadata).sort(([a], [b]) => a < b ? -1 : 1);
    fields.push(`"__metadata__":${JSON.stringify(Object.fromEntries(sorted))}`);
  }
  for (const [name, { dtype, shape, begin, end }] of ranges) {
    fields.push(
      `${JSON.stringify(name)}:${JSON.stringify({ dtype, shape, data_offsets: [begin, end] })}`,
    );
  }
  const json = new TextEncoder().encode(`{${fields.join(",")}}`);
  const padded = Math.ceil(json.length / 8) * 8;
  const header = new Uint8Array(8 + padded).fill(0x20);
  new DataView(header.buffer).setBigUint64(0, BigInt(padded), true);
  header.set(json, 8);
  return header;
}
