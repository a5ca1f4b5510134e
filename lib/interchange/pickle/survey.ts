import { ByteReader, type Span } from "../byte_reader.ts";
import type { ByteSource } from "../byte_source.ts";
import { opcodes } from "./opcodes.ts";

/** Opcodes for what only the program that wrote the file could find again. */
const elsewhere: Readonly<Record<string, string>> = {
  PERSID: "an object that lies outside of the file (a persistent id)",
  BINPERSID: "an object that lies outside of the file (a persistent id)",
  NEXT_BUFFER: "a buffer that lies outside of the file",
  READONLY_BUFFER: "a buffer that lies outside of the file",
  EXT1: "an extension code of the program that wrote it",
  EXT2: "an extension code of the program that wrote it",
  EXT4: "an extension code of the program that wrote it",
};

/**
 * Goes through a pickle without building anything: it has to be whole, and nothing in it may lie
 * elsewhere.
 *
 * @returns the places of the memo that are ever fetched; the others need not be remembered, which
 * is what would fill the memory
 * @throws {SyntaxError} if it is no whole pickle of protocols 0 to 5
 */
export function surveyPickle(source: ByteSource): Set<number> {
  const reader = new ByteReader(source);
  const fetched = new Set<number>();
  for (;;) {
    const at = reader.position;
    const byte = reader.byte();
    const opcode = opcodes.get(byte);
    if (opcode === undefined) {
      throw new SyntaxError(
        `${source.name} is no pickle: byte ${at} is 0x${byte.toString(16).padStart(2, "0")}, ` +
          "which is no instruction of protocols 0 to 5",
      );
    }
    const [name, readArgument] = opcode;
    const argument = readArgument(reader);
    if (Object.hasOwn(elsewhere, name)) {
      throw new SyntaxError(
        `${source.name} needs ${elsewhere[name]}: it is refused; nothing was executed`,
      );
    }
    if (name === "PROTO" && argument as number > 5) {
      throw new SyntaxError(
        `${source.name} is a pickle of protocol ${argument}; 0 to 5 can be read`,
      );
    } else if (name === "BINGET" || name === "LONG_BINGET") fetched.add(argument as number);
    else if (name === "GET") fetched.add(decimal(source, argument as Span));
    else if (name === "STOP") break;
  }
  if (reader.left > 0) {
    throw new SyntaxError(
      `${source.name} has ${reader.left} bytes after the end of its pickle: ` +
        "only files of one pickle are read",
    );
  }
  return fetched;
}

/**
 * An integer in decimal digits.
 *
 * @throws {SyntaxError} if it is none, or beyond 2^53
 */
export function decimal(source: ByteSource, { at, length }: Span): number {
  const text = new TextDecoder().decode(source.readAt(at, Math.min(length, 32))).trim();
  const number = Number(text);
  if (/^-?\d+$/.test(text) && length < 32 && Number.isSafeInteger(number)) return number;
  throw new SyntaxError(`${source.name} is damaged: "${text}" at byte ${at} is no integer`);
}
