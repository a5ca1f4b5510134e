import type { ByteSource } from "../byte_source.ts";

/** Types of numbers in torch's storages, by the names of their classes, and their bytes. */
const WIDTHS: ReadonlyMap<string, number> = new Map([
  ["FloatStorage", 4],
  ["DoubleStorage", 8],
  ["HalfStorage", 2],
  ["LongStorage", 8],
]);

/** Bytes of a number in a storage of this class; undefined if there is no such class. */
export function widthOf(type: string): number | undefined {
  return WIDTHS.get(type);
}

/** Numbers of one or several tensors, which lie outside of the pickle. */
export class TorchStorage {
  /** Where its bytes are, once they are found. */
  content?: { source: ByteSource; at: number };

  /**
   * A storage whose bytes are not found yet.
   *
   * @param key names it in the file
   * @param type class in torch, such as `FloatStorage`
   * @param count how many numbers
   */
  constructor(readonly key: string, readonly type: string, readonly count: number) {}

  /** Bytes of all its numbers. */
  get size(): number {
    return this.count * widthOf(this.type)!;
  }
}

/** A tensor of torch: a view of a storage. */
export class TorchTensor {
  /**
   * A view of a storage.
   *
   * @param storage has its numbers
   * @param offset of its first number in the storage
   * @param shape length of each axis
   * @param strides numbers from one element of an axis to the next
   */
  constructor(
    readonly storage: TorchStorage,
    readonly offset: number,
    readonly shape: readonly number[],
    readonly strides: readonly number[],
  ) {}

  /** Whether its numbers are floating-point ones. */
  get isFloat(): boolean {
    return this.storage.type !== "LongStorage";
  }

  /**
   * The numbers, the last axis fastest.
   *
   * @param axes order of the axes in the result; default their own
   * @throws {TypeError} if they are integers
   */
  read(axes: readonly number[] = this.shape.map((_, axis) => axis)): Float32Array<ArrayBuffer> {
    const { type, content, size } = this.storage;
    if (!this.isFloat) throw new TypeError(`A tensor of integers (${type}) has no floats`);
    const numbers = floats(content!.source.readAt(content!.at, size), type);
    const shape = axes.map((axis) => this.shape[axis]);
    const strides = axes.map((axis) => this.strides[axis]);
    const values = new Float32Array(shape.reduce((product, side) => product * side, 1));
    let next = 0;
    const copy = (axis: number, from: number) => {
      if (axis === shape.length) {
        values[next++] = numbers[from];
        return;
      }
      for (let i = 0; i < shape[axis]; i++) copy(axis + 1, from + i * strides[axis]);
    };
    copy(0, this.offset);
    return values;
  }
}

function floats({ buffer }: Uint8Array<ArrayBuffer>, type: string): ArrayLike<number> {
  switch (type) {
    case "HalfStorage":
      return new Float16Array(buffer);
    case "DoubleStorage":
      return new Float64Array(buffer);
    default:
      return new Float32Array(buffer);
  }
}
