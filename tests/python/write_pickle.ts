import { Buffer } from "node:buffer";
import { PickleTuple, type PickleValue } from "../../lib/python/mod.ts";

/** A pickle as Python's `pickle.dumps(value, protocol)` may write it, of values without classes. */
export function writePickle(value: PickleValue, protocol: number): Uint8Array {
  const parts: Uint8Array[] = [];
  let memo = 0;
  const put = (...pieces: (string | number[] | Uint8Array)[]) => {
    for (const piece of pieces) {
      parts.push(typeof piece === "string" ? Buffer.from(piece, "latin1") : Uint8Array.from(piece));
    }
  };
  const u4 = (number: number) => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32LE(number);
    return bytes;
  };
  const remember = () => {
    if (protocol >= 4) put("\x94");
    else if (protocol === 0) put(`p${memo}\n`);
    else put("r", u4(memo));
    memo++;
  };
  const text = (text: string) => {
    const bytes = Buffer.from(text);
    if (protocol === 0) put("V", rawUnicodeEscape(text), "\n");
    else if (protocol >= 4 && bytes.length < 256) put("\x8c", [bytes.length], bytes);
    else put("X", u4(bytes.length), bytes);
    remember();
  };
  const tuple = (write: () => void) => {
    put("(");
    write();
    put("t");
    remember();
  };
  const call = (module: string, name: string, write: () => void) => {
    if (protocol >= 4) {
      text(module);
      text(name);
      put("\x93");
    } else put(`c${module}\n${name}\n`);
    remember();
    tuple(write);
    put("R");
    remember();
  };
  const write = (value: PickleValue): void => {
    if (value === null) put("N");
    else if (typeof value === "boolean") {
      put(protocol >= 2 ? (value ? "\x88" : "\x89") : `I0${Number(value)}\n`);
    } else if (typeof value === "number" && !Number.isSafeInteger(value) || Object.is(value, -0)) {
      const bytes = Buffer.alloc(8);
      bytes.writeDoubleBE(value as number);
      if (protocol > 0) put("G", bytes);
      else {put(
          `F${Object.is(value, -0) ? "-0.0" : String(value).toLowerCase().replace("inity", "")}
`,
        );}
    } else if (typeof value === "number" || typeof value === "bigint") {
      if (protocol === 0) put(`L${value}L\n`);
      else if (value >= 0 && value < 256) put("K", [Number(value)]);
      else if (value >= 0 && value < 65536) put("M", u4(Number(value)).subarray(0, 2));
      else if (value >= -(2 ** 31) && value < 2 ** 31) put("J", u4(Number(value) >>> 0));
      else if (protocol === 1) put(`I${value}\n`);
      else {
        const bytes = Buffer.from(
          BigInt.asUintN(256, BigInt(value)).toString(16).padStart(64, "0"),
          "hex",
        );
        put("\x8a", [32], bytes.reverse());
      }
    } else if (typeof value === "string") text(value);
    else if (value instanceof Uint8Array) {
      if (protocol >= 3) {
        put("C", [value.length], value);
        remember();
      } else if (value.length === 0) call("__builtin__", "bytes", () => {});
      else {
        call("_codecs", "encode", () => {
          text(Buffer.from(value).toString("latin1"));
          text("latin1");
        });
      }
    } else if (value instanceof PickleTuple) {
      if (value.items.length === 0 && protocol >= 1) put(")");
      else tuple(() => value.items.forEach(write));
    } else if (Array.isArray(value)) {
      put(protocol >= 1 ? "]" : "(l");
      remember();
      if (protocol >= 1 && value.length > 1) {
        put("(");
        value.forEach(write);
        put("e");
      } else {
        for (const item of value) {
          write(item);
          put("a");
        }
      }
    } else if (value instanceof Map) {
      put(protocol >= 1 ? "}" : "(d");
      remember();
      if (protocol >= 1 && value.size > 1) {
        put("(");
        for (const pair of value) pair.forEach(write);
        put("u");
      } else {
        for (const pair of value) {
          pair.forEach(write);
          put("s");
        }
      }
    } else if (value instanceof Set) {
      if (protocol >= 4) {
        put("\x8f");
        remember();
        put("(");
        value.forEach(write);
        put("\x90");
      } else {
        call(protocol === 3 ? "builtins" : "__builtin__", "set", () => write([...value]));
      }
    } else throw new TypeError("This type of value cannot be written");
  };
  if (protocol >= 2) put([0x80, protocol]);
  write(value);
  put(".");
  return Buffer.concat(parts);
}

/** Like Python's pickler: backslashes, NULs and line ends are escaped too. */
function rawUnicodeEscape(text: string): string {
  return Array.from(text, (character) => {
    const code = character.codePointAt(0)!;
    if (code > 0xffff) return `\\U${code.toString(16).padStart(8, "0")}`;
    const plain = code < 256 && !"\\\0\n\r\x1a".includes(character);
    return plain ? character : `\\u${code.toString(16).padStart(4, "0")}`;
  }).join("");
}
