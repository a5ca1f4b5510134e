import type { ByteSource } from "../byte_source.ts";
import type { Argument } from "./opcodes.ts";

/**
 * Bytes of memory that an opcode's value takes in V8, as measured; an opcode of one byte may make a
 * whole dict. Others take a place on the stack and in a list or a dict.
 */
const COSTS: ReadonlyMap<string, number> = new Map(Object.entries({
  EMPTY_LIST: 120,
  LIST: 120,
  EMPTY_DICT: 250,
  DICT: 250,
  EMPTY_SET: 220,
  FROZENSET: 220,
  EMPTY_TUPLE: 110,
  TUPLE: 110,
  TUPLE1: 110,
  TUPLE2: 110,
  TUPLE3: 110,
  BINFLOAT: 40,
  FLOAT: 40,
  LONG: 60,
  LONG1: 60,
  LONG4: 60,
  REDUCE: 100,
  NEWOBJ: 100,
  INST: 200,
  OBJ: 200,
  STRING: 60,
  BINSTRING: 60,
  SHORT_BINSTRING: 60,
  UNICODE: 60,
  BINUNICODE: 60,
  SHORT_BINUNICODE: 60,
  BINUNICODE8: 60,
  BINBYTES: 250,
  SHORT_BINBYTES: 250,
  BINBYTES8: 250,
  BYTEARRAY8: 250,
}));
const OTHERS = 16;

/** Longer strings and bytes stay in the file. */
export const LONGEST_IN_MEMORY = 4096;

/** Bytes that any file may take; a tokenizer of 100,000 words takes some 50 million. */
const ALWAYS = 256e6;

/** Words by their index take about 5 bytes a byte of the file, lists of numbers as much. */
const EACH_BYTE = 5;

/** Bytes that no file may take: V8 would end the process at 4 billion. */
const NEVER = 2.5e9;

/** The memory that a pickle will take, counted before anything is built. */
export class MemoryEstimate {
  readonly #source: ByteSource;
  readonly #most: number;
  #bytes = 0;

  /** @param source the pickle */
  constructor(source: ByteSource) {
    this.#source = source;
    this.#most = Math.min(NEVER, ALWAYS + EACH_BYTE * source.size);
  }

  /**
   * Counts an opcode's value.
   *
   * @throws {SyntaxError} if the values so far are out of proportion to the file
   */
  add(opcode: string, argument: Argument): void {
    this.#bytes += COSTS.get(opcode) ?? OTHERS;
    if (typeof argument === "object" && "length" in argument) {
      this.#bytes += argument.length > LONGEST_IN_MEMORY ? 0 : argument.length as number;
    }
    if (this.#bytes <= this.#most) return;
    throw new SyntaxError(
      `${this.#source.name} is refused: its ${megabytes(this.#source.size)} would take more than ` +
        `${megabytes(this.#most)} of memory, as those of no tokenizer or features file do: save ` +
        "words as {word: index, …}, features as numpy arrays",
    );
  }
}

function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / 1e6).toLocaleString("en")} MB`;
}
