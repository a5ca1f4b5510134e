import type { ByteSource } from "../byte_source.ts";
import type { NumpyArray } from "../numpy/array.ts";
import type { NumpyDtype } from "../numpy/dtype.ts";
import type { StoredBytes } from "../stored_bytes.ts";
import type { TorchStorage, TorchTensor } from "../torch/tensor.ts";
import type { Global } from "./global.ts";
import { decodeText, type TextEncoding } from "./text.ts";

/**
 * A value in a pickle.
 *
 * Python's int is a number, or a bigint beyond 2^53; str a string; dict (and OrderedDict,
 * defaultdict) a Map; list an array; set a Set; bytes a Uint8Array. A str of Python 2 is read as
 * Latin-1. Strings and bytes over 4 KiB stay in the file.
 */
export type PickleValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | PickleValue[]
  | Map<PickleValue, PickleValue>
  | Set<PickleValue>
  | PickleTuple
  | PickleObject
  | StoredBytes
  | StoredText
  | NumpyArray
  | NumpyDtype
  | TorchStorage
  | TorchTensor
  | Global;

/** Python's tuple. */
export class PickleTuple {
  /**
   * A tuple of these items.
   *
   * @param items in order
   */
  constructor(readonly items: readonly PickleValue[]) {}
}

/** An object of a known class: its attributes, without any behaviour. */
export class PickleObject {
  /** Its attributes. */
  state: Map<PickleValue, PickleValue> = new Map();

  /**
   * An object without attributes yet.
   *
   * @param type full name of its class
   */
  constructor(readonly type: string) {}
}

/** A string that stays in the file until it is read. */
export class StoredText {
  /**
   * A string at this place.
   *
   * @param source where it is
   * @param at offset of its first byte
   * @param length bytes in the file
   * @param encoding its encoding there
   */
  constructor(
    readonly source: ByteSource,
    readonly at: number,
    readonly length: number,
    readonly encoding: TextEncoding,
  ) {}

  /**
   * Reads the string.
   *
   * @throws {SyntaxError} if its bytes are not valid in its encoding
   */
  read(): string {
    const bytes = this.source.readAt(this.at, this.length);
    return decodeText(bytes, this.encoding, this.source.name);
  }
}
