import { checkContent, CONTENT_HEAD } from "../../storage/mod.ts";
import { ByteReader, type Span } from "../byte_reader.ts";
import type { ByteSource } from "../byte_source.ts";
import type { Dialect } from "./global.ts";
import { MemoryEstimate } from "./memory.ts";
import { OPCODES } from "./opcodes.ts";

/** Opcodes whose values are known only to the program that wrote the file. */
const EXTERNAL: Readonly<Record<string, string>> = {
  PERSID: "an object that lies outside of the file (a persistent id)",
  BINPERSID: "an object that lies outside of the file (a persistent id)",
  NEXT_BUFFER: "a buffer that lies outside of the file",
  READONLY_BUFFER: "a buffer that lies outside of the file",
  EXT1: "an extension code of the program that wrote it",
  EXT2: "an extension code of the program that wrote it",
  EXT4: "an extension code of the program that wrote it",
};

function headOf(source: ByteSource): Uint8Array {
  return source.readAt(0, Math.min(CONTENT_HEAD, source.size));
}

/** What is known of a pickle before it is read. */
export interface PickleSurvey {
  /** The memo's indices that are fetched; remembering the others as well would fill the memory. */
  fetched: Set<number>;
  /** Offset of the byte after it. */
  end: number;
}

/**
 * Reads through a pickle without building anything: it must be complete, and all of its values must
 * be in the file, and what they take in memory in proportion to it.
 *
 * @throws {SyntaxError} if it is not a complete pickle of protocols 0 to 5, or would fill the memory
 */
export function surveyPickle(source: ByteSource, dialect: Dialect = "plain"): PickleSurvey {
  const reader = new ByteReader(source);
  const fetched = new Set<number>();
  const memory = new MemoryEstimate(source);
  for (;;) {
    const at = reader.position;
    const byte = reader.byte();
    const opcode = OPCODES.get(byte);
    if (opcode === undefined) {
      checkContent(source.name, headOf(source), "a pickle", ["pickle"]);
      throw new SyntaxError(
        `${source.name} is not a pickle: byte ${at} is 0x${byte.toString(16).padStart(2, "0")}, ` +
          "which is not an opcode of protocols 0 to 5; get the file again",
      );
    }
    const [name, readArgument] = opcode;
    const argument = readArgument(reader);
    memory.add(name, argument);
    const isStorage = dialect === "torch" && name === "BINPERSID";
    if (Object.hasOwn(EXTERNAL, name) && !isStorage) {
      throw new SyntaxError(
        `${source.name} needs ${EXTERNAL[name]}: it is refused; nothing was executed`,
      );
    }
    if (name === "PROTO" && argument as number > 5) {
      throw new SyntaxError(
        `${source.name} is a pickle of protocol ${argument}; 0 to 5 can be read`,
      );
    } else if (name === "BINGET" || name === "LONG_BINGET") fetched.add(argument as number);
    else if (name === "GET") fetched.add(decimal(source, argument as Span));
    else if (name === "STOP") return { fetched, end: reader.position };
  }
}

/**
 * Parses an integer in decimal digits.
 *
 * @throws {SyntaxError} if it is not an integer, or beyond 2^53
 */
export function decimal(source: ByteSource, { at, length }: Span): number {
  const text = new TextDecoder().decode(source.readAt(at, Math.min(length, 32))).trim();
  const number = Number(text);
  if (/^-?\d+$/.test(text) && length < 32 && Number.isSafeInteger(number)) return number;
  throw new SyntaxError(`${source.name} is damaged: "${text}" at byte ${at} is not an integer`);
}
