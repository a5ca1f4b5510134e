import type { ByteSource } from "./byte_source.ts";

/** Bytes that stay in the file until they are asked for. */
export class StoredBytes {
  /**
   * @param least the fewest bytes that it can be
   * @param most the most bytes that it can be
   * @param read brings them into memory
   */
  constructor(
    readonly least: number,
    readonly most: number,
    readonly read: () => Uint8Array<ArrayBuffer>,
  ) {}

  /** A piece of a source as it is. */
  static of(source: ByteSource, at: number, length: number): StoredBytes {
    return new StoredBytes(length, length, () => source.readAt(at, length));
  }
}
