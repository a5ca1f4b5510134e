import type { ByteSource } from "../byte_source.ts";
import type { NumpyArray } from "../numpy/array.ts";
import type { NumpyDtype } from "../numpy/dtype.ts";
import type { StoredBytes } from "../stored_bytes.ts";
import type { Global } from "./global.ts";
import { decodeText, type TextEncoding } from "./text.ts";

/**
 * What a pickle is made of.
 *
 * Python's int is a number, or a bigint beyond 2^53; str a string; dict (and OrderedDict,
 * defaultdict) a Map; list an array; set a Set; bytes a Uint8Array. A str of Python 2 is read as
 * Latin-1. Texts and bytes over 4 KiB stay in the file.
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
  | Global;

/** Python's tuple. */
export class PickleTuple {
  /** @param items in order */
  constructor(readonly items: readonly PickleValue[]) {}
}

/** An object of a class that is known: what it is made of, and nothing that it could do. */
export class PickleObject {
  /** Its attributes. */
  state: Map<PickleValue, PickleValue> = new Map();

  /** @param type full name of its class */
  constructor(readonly type: string) {}
}

/** A text that stays in the file until it is asked for. */
export class StoredText {
  /**
   * @param source where it lies
   * @param at its first byte
   * @param length in bytes of the file
   * @param encoding how it is written there
   */
  constructor(
    readonly source: ByteSource,
    readonly at: number,
    readonly length: number,
    readonly encoding: TextEncoding,
  ) {}

  /**
   * The text.
   *
   * @throws {SyntaxError} if it is not of its encoding
   */
  read(): string {
    const bytes = this.source.readAt(this.at, this.length);
    return decodeText(bytes, this.encoding, this.source.name);
  }
}
