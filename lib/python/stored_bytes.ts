import type { ByteSource } from "./byte_source.ts";

/** Bytes that stay in the file until they are read. */
export class StoredBytes {
  /**
   * Bytes that `read` loads.
   *
   * @param least smallest possible number of bytes
   * @param most largest possible number of bytes
   * @param read loads them into memory
   */
  constructor(
    readonly least: number,
    readonly most: number,
    readonly read: () => Uint8Array<ArrayBuffer>,
  ) {}

  /** A range of a source, unchanged. */
  static of(source: ByteSource, at: number, length: number): StoredBytes {
    return new StoredBytes(length, length, () => source.readAt(at, length));
  }
}
