import type { Span } from "../byte_reader.ts";
import type { ByteSource } from "../byte_source.ts";
import { StoredBytes } from "../stored_bytes.ts";
import type { StackValue } from "./build.ts";
import { type Dialect, findGlobal, type Global } from "./global.ts";
import { LONGEST_IN_MEMORY } from "./memory.ts";
import type { Argument } from "./opcodes.ts";
import { damaged, refused } from "./refusal.ts";
import { decodeText, type TextEncoding } from "./text.ts";
import { PickleTuple, StoredText } from "./values.ts";

/**
 * The value of an opcode that pushes a literal; undefined for all others.
 *
 * @throws {SyntaxError} if it is damaged, or names an unknown function or class
 */
export function literalOf(
  source: ByteSource,
  name: string,
  argument: Argument,
  dialect: Dialect,
): StackValue | undefined {
  switch (name) {
    case "NONE":
      return null;
    case "NEWTRUE":
      return true;
    case "NEWFALSE":
      return false;
    case "BININT":
    case "BININT1":
    case "BININT2":
    case "BINFLOAT":
      return argument as number;
    case "INT":
    case "LONG":
      return integerLine(source, argument as Span);
    case "FLOAT":
      return floatLine(source, argument as Span);
    case "LONG1":
    case "LONG4":
      return integer(source, argument as Span);
    case "STRING":
      return text(source, argument as Span, "repr");
    case "BINSTRING":
    case "SHORT_BINSTRING":
      return text(source, argument as Span, "latin-1");
    case "UNICODE":
      return text(source, argument as Span, "raw-unicode-escape");
    case "BINUNICODE":
    case "SHORT_BINUNICODE":
    case "BINUNICODE8":
      return text(source, argument as Span, "utf-8");
    case "BINBYTES":
    case "SHORT_BINBYTES":
    case "BINBYTES8":
    case "BYTEARRAY8":
      return bytes(source, argument as Span);
    case "EMPTY_LIST":
      return [];
    case "EMPTY_DICT":
      return new Map();
    case "EMPTY_SET":
      return new Set();
    case "EMPTY_TUPLE":
      return new PickleTuple([]);
    case "GLOBAL": {
      const [module, global] = argument as [Span, Span];
      return globalOf(source, lineAt(source, module), lineAt(source, global), dialect);
    }
    default:
      return undefined;
  }
}

function text(source: ByteSource, span: Span, encoding: TextEncoding): string | StoredText {
  if (span.length > LONGEST_IN_MEMORY) {
    return new StoredText(source, span.at, span.length, encoding);
  }
  const bytes = source.readAt(span.at, span.length);
  return decodeText(bytes, encoding, source.name);
}

function bytes(source: ByteSource, { at, length }: Span): Uint8Array | StoredBytes {
  return length > LONGEST_IN_MEMORY
    ? StoredBytes.of(source, at, length)
    : source.readAt(at, length);
}

/** Little-endian, two's complement. */
function integer(source: ByteSource, { at, length }: Span): number | bigint {
  if (length > LONGEST_IN_MEMORY) throw refused(source, `an integer of ${length} bytes`);
  const hex = source.readAt(at, length).reverse().toHex();
  return plain(BigInt.asIntN(8 * length, BigInt(`0x${hex || "0"}`)));
}

/** Protocol 0 writes True as 01 and False as 00; Python 2's long ends with L. */
function integerLine(source: ByteSource, span: Span): number | bigint | boolean {
  const text = lineAt(source, span).trim();
  if (text === "01") return true;
  if (text === "00") return false;
  const digits = /^([+-]?)(\d+)L?$/.exec(text);
  if (digits === null) throw damaged(source, span.at, `"${text}" is not an integer`);
  return plain(BigInt(digits[2]) * (digits[1] === "-" ? -1n : 1n));
}

function floatLine(source: ByteSource, span: Span): number {
  const text = lineAt(source, span).trim();
  const special = new Map([["nan", NaN], ["inf", Infinity], ["-inf", -Infinity]]).get(text);
  if (special !== undefined) return special;
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) {
    throw damaged(source, span.at, `"${text}" is not a number`);
  }
  return Number(text);
}

/** The text of a short line. @throws {SyntaxError} if it is too long, or not UTF-8 */
export function lineAt(source: ByteSource, { at, length }: Span): string {
  if (length > LONGEST_IN_MEMORY) throw refused(source, `a name or number of ${length} bytes`);
  return decodeText(source.readAt(at, length), "utf-8", source.name);
}

/** @throws {SyntaxError} if it is not a known function or class */
export function globalOf(
  source: ByteSource,
  module: string,
  name: string,
  dialect: Dialect,
): Global {
  const found = findGlobal(module, name, dialect);
  if (found === undefined) throw refused(source, `${module}.${name}`, dialect);
  return found;
}

function plain(integer: bigint): number | bigint {
  const number = Number(integer);
  return Number.isSafeInteger(number) ? number : integer;
}
