import type { ByteReader, Span } from "../byte_reader.ts";

/** An opcode's argument: nothing, a number, or ranges of the file. */
export type Argument = undefined | number | Span | [Span, Span];

/** Reads an opcode's argument. */
export type ReadArgument = (reader: ByteReader) => Argument;

const nothing: ReadArgument = () => undefined;
const u1: ReadArgument = (reader) => reader.byte();
const u2: ReadArgument = (reader) => reader.view(2).getUint16(0, true);
const i4: ReadArgument = (reader) => reader.view(4).getInt32(0, true);
const u4: ReadArgument = (reader) => reader.view(4).getUint32(0, true);
const u8: ReadArgument = (reader) => Number(reader.view(8).getBigUint64(0, true));
const f8: ReadArgument = (reader) => reader.view(8).getFloat64(0, false);
const line: ReadArgument = (reader) => reader.skipLine();
const lines: ReadArgument = (reader) => [reader.skipLine(), reader.skipLine()];
const counted = (length: ReadArgument, what: string): ReadArgument => (reader) =>
  reader.skip(length(reader) as number, what);

/** Every opcode of protocols 0 to 5 by its byte: name and argument (Python's pickletools). */
export const OPCODES: ReadonlyMap<number, readonly [name: string, read: ReadArgument]> = new Map(
  ([
    ["(", "MARK", nothing],
    [".", "STOP", nothing],
    ["0", "POP", nothing],
    ["1", "POP_MARK", nothing],
    ["2", "DUP", nothing],
    ["F", "FLOAT", line],
    ["I", "INT", line],
    ["J", "BININT", i4],
    ["K", "BININT1", u1],
    ["L", "LONG", line],
    ["M", "BININT2", u2],
    ["N", "NONE", nothing],
    ["P", "PERSID", line],
    ["Q", "BINPERSID", nothing],
    ["R", "REDUCE", nothing],
    ["S", "STRING", line],
    ["T", "BINSTRING", counted(i4, "a string")],
    ["U", "SHORT_BINSTRING", counted(u1, "a string")],
    ["V", "UNICODE", line],
    ["X", "BINUNICODE", counted(u4, "a string")],
    ["a", "APPEND", nothing],
    ["b", "BUILD", nothing],
    ["c", "GLOBAL", lines],
    ["d", "DICT", nothing],
    ["}", "EMPTY_DICT", nothing],
    ["e", "APPENDS", nothing],
    ["g", "GET", line],
    ["h", "BINGET", u1],
    ["i", "INST", lines],
    ["j", "LONG_BINGET", u4],
    ["l", "LIST", nothing],
    ["]", "EMPTY_LIST", nothing],
    ["o", "OBJ", nothing],
    ["p", "PUT", line],
    ["q", "BINPUT", u1],
    ["r", "LONG_BINPUT", u4],
    ["s", "SETITEM", nothing],
    ["t", "TUPLE", nothing],
    [")", "EMPTY_TUPLE", nothing],
    ["u", "SETITEMS", nothing],
    ["G", "BINFLOAT", f8],
    ["\x80", "PROTO", u1],
    ["\x81", "NEWOBJ", nothing],
    ["\x82", "EXT1", u1],
    ["\x83", "EXT2", u2],
    ["\x84", "EXT4", i4],
    ["\x85", "TUPLE1", nothing],
    ["\x86", "TUPLE2", nothing],
    ["\x87", "TUPLE3", nothing],
    ["\x88", "NEWTRUE", nothing],
    ["\x89", "NEWFALSE", nothing],
    ["\x8a", "LONG1", counted(u1, "an integer")],
    ["\x8b", "LONG4", counted(i4, "an integer")],
    ["B", "BINBYTES", counted(u4, "bytes")],
    ["C", "SHORT_BINBYTES", counted(u1, "bytes")],
    ["\x8c", "SHORT_BINUNICODE", counted(u1, "a string")],
    ["\x8d", "BINUNICODE8", counted(u8, "a string")],
    ["\x8e", "BINBYTES8", counted(u8, "bytes")],
    ["\x8f", "EMPTY_SET", nothing],
    ["\x90", "ADDITEMS", nothing],
    ["\x91", "FROZENSET", nothing],
    ["\x92", "NEWOBJ_EX", nothing],
    ["\x93", "STACK_GLOBAL", nothing],
    ["\x94", "MEMOIZE", nothing],
    ["\x95", "FRAME", u8],
    ["\x96", "BYTEARRAY8", counted(u8, "bytes")],
    ["\x97", "NEXT_BUFFER", nothing],
    ["\x98", "READONLY_BUFFER", nothing],
  ] as const).map(([byte, name, read]) => [byte.charCodeAt(0), [name, read]]),
);
