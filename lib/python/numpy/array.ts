import { latin1 } from "../pickle/text.ts";
import { StoredBytes } from "../stored_bytes.ts";
import type { NumpyDtype } from "./dtype.ts";

/** A numpy array whose claims were checked against the bytes that are there. */
export class NumpyArray {
  /**
   * An array of these elements.
   *
   * @param name what to call it in messages
   * @param dtype type of its elements
   * @param shape sizes, outermost first; empty for a single element
   * @param fortran whether the first index varies fastest
   * @param data the elements' bytes, or the elements themselves if they are objects
   * @throws {SyntaxError} if shape and type do not fit the data
   */
  constructor(
    readonly name: string,
    readonly dtype: NumpyDtype,
    readonly shape: readonly number[],
    readonly fortran: boolean,
    readonly data: StoredBytes | readonly unknown[],
  ) {
    const count = shape.reduce((product, side) => product * side, 1);
    const claim = `${name} claims an array of ${dtype.name} of the shape [${shape.join(", ")}]`;
    if (!shape.every((side) => Number.isSafeInteger(side) && side >= 0)) {
      throw new SyntaxError(`${claim}: it is damaged`);
    }
    if (data instanceof StoredBytes !== (dtype.kind !== "O")) {
      throw new SyntaxError(`${claim}, but its data are of another kind: it is damaged`);
    }
    if (data instanceof StoredBytes) {
      const bytes = count * dtype.itemSize;
      if (bytes < data.least || bytes > data.most || (bytes === 0 && count > 0)) {
        throw new SyntaxError(
          `${claim}, which takes ${bytes} bytes, but ${data.most} are there: it is truncated or damaged; get it again`,
        );
      }
    } else if (data.length !== count) {
      throw new SyntaxError(`${claim}, but ${data.length} objects are there: it is damaged`);
    }
  }

  /** Number of elements. */
  get size(): number {
    return this.shape.reduce((product, side) => product * side, 1);
  }

  /**
   * The elements as numbers, row-major.
   *
   * @throws {TypeError} if they are not floating-point numbers
   */
  floats(): Float32Array<ArrayBuffer> {
    const { dtype, name } = this;
    checkFloats(dtype, name);
    const numbers = floatsOf(this.#bytes(), dtype);
    return this.fortran ? rowMajor(numbers, this.shape) : numbers;
  }

  /**
   * The elements as strings.
   *
   * @throws {TypeError} if they are not strings
   */
  texts(): string[] {
    const { dtype, name, data } = this;
    const wrong = new TypeError(`${name} has elements of type ${dtype.name}, not strings`);
    if (this.fortran && this.shape.length > 1) throw wrong;
    if (!(data instanceof StoredBytes)) {
      return data.map((value) => {
        if (typeof value !== "string") throw wrong;
        return value;
      });
    }
    if (dtype.kind !== "U" && dtype.kind !== "S") throw wrong;
    const bytes = this.#bytes();
    return Array.from({ length: this.size }, (_, i) => {
      const item = bytes.subarray(i * dtype.itemSize, (i + 1) * dtype.itemSize);
      return textOf(item, dtype, name);
    });
  }

  /** Its only element: a number, a boolean or a string. */
  element(): number | bigint | boolean | string {
    const { dtype, name } = this;
    const bytes = this.#bytes();
    const view = new DataView(bytes.buffer);
    switch (dtype.kind) {
      case "f":
        return dtype.itemSize === 8
          ? view.getFloat64(0, dtype.littleEndian)
          : floatsOf(bytes, dtype)[0];
      case "b":
        return bytes[0] !== 0;
      case "i":
      case "u":
        return integerOf(bytes, dtype);
      default:
        return textOf(bytes, dtype, name);
    }
  }

  #bytes(): Uint8Array<ArrayBuffer> {
    const bytes = (this.data as StoredBytes).read();
    const wanted = this.size * this.dtype.itemSize;
    if (bytes.length === wanted) return bytes;
    throw new SyntaxError(
      `${this.name} claims an array of ${wanted} bytes, but ${bytes.length} are there: ` +
        "it is damaged",
    );
  }
}

/**
 * Refuses elements that are not floating-point numbers.
 *
 * @throws {TypeError} naming the type that was found
 */
export function checkFloats(dtype: NumpyDtype, name: string): void {
  if (dtype.kind === "f") return;
  throw new TypeError(`${name} has elements of type ${dtype.name}, not floating-point numbers`);
}

/** Numbers of any width and byte order. */
export function floatsOf(
  bytes: Uint8Array<ArrayBuffer>,
  { itemSize, littleEndian }: NumpyDtype,
): Float32Array<ArrayBuffer> {
  if (!littleEndian) swap(bytes, itemSize);
  const { buffer } = bytes.byteOffset % itemSize === 0 ? bytes : bytes.slice();
  const at = buffer === bytes.buffer ? bytes.byteOffset : 0;
  const count = bytes.length / itemSize;
  if (itemSize === 4) return new Float32Array(buffer, at, count);
  return itemSize === 2
    ? new Float32Array(new Float16Array(buffer, at, count))
    : new Float32Array(new Float64Array(buffer, at, count));
}

function swap(bytes: Uint8Array, itemSize: number): void {
  for (let at = 0; at < bytes.length; at += itemSize) bytes.subarray(at, at + itemSize).reverse();
}

function integerOf(bytes: Uint8Array, { kind, itemSize, littleEndian }: NumpyDtype) {
  let value = 0n;
  for (let i = 0; i < itemSize; i++) {
    value = value << 8n | BigInt(bytes[littleEndian ? itemSize - 1 - i : i]);
  }
  if (kind === "i") value = BigInt.asIntN(8 * itemSize, value);
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/** Padded with zeros at the end; U has four bytes per character. */
function textOf(bytes: Uint8Array, { kind, littleEndian }: NumpyDtype, name: string): string {
  if (kind === "S") return latin1(bytes).replace(/\0+$/, "");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let text = "";
  for (let at = 0; at < bytes.length; at += 4) {
    const code = view.getUint32(at, littleEndian);
    if (code > 0x10ffff) throw new SyntaxError(`${name} is damaged: it has a character ${code}`);
    text += String.fromCodePoint(code);
  }
  return text.replace(/\0+$/, "");
}

/** From column-major to row-major order. */
function rowMajor(
  numbers: Float32Array<ArrayBuffer>,
  shape: readonly number[],
): Float32Array<ArrayBuffer> {
  const sorted = new Float32Array(numbers.length);
  const strides = shape.map((_, i) =>
    shape.slice(0, i).reduce((product, side) => product * side, 1)
  );
  const position = shape.map(() => 0);
  for (let to = 0; to < sorted.length; to++) {
    sorted[to] = numbers[position.reduce((sum, index, i) => sum + index * strides[i], 0)];
    for (let i = shape.length - 1; i >= 0 && ++position[i] === shape[i]; i--) position[i] = 0;
  }
  return sorted;
}
