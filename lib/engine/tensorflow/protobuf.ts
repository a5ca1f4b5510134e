import { Buffer } from "node:buffer";

/** A field of a Protocol Buffers message: its number, and a varint, a text, or bytes such as a message's. */
export type Field = [number, number | string | Uint8Array];

/** A message in the wire format (protobuf.dev, "Encoding"). */
export function message(...fields: Field[]): Uint8Array {
  const parts = fields.flatMap(([number, value]) => {
    if (typeof value === "number") return [varint(number << 3), varint(value)];
    const bytes = typeof value === "string" ? encoder.encode(value) : value;
    return [varint(number << 3 | 2), varint(bytes.length), bytes];
  });
  return Buffer.concat(parts);
}

const encoder = new TextEncoder();

/** Seven bits a byte, the lowest first; negative numbers in two's complement of 64 bits. */
function varint(value: number): Uint8Array {
  if (value >= 0 && value < 0x80) return Uint8Array.of(value);
  const bytes: number[] = [];
  for (let left = BigInt.asUintN(64, BigInt(value)); left > 0n; left >>= 7n) {
    bytes.push(Number(left & 0x7fn) | (left > 0x7fn ? 0x80 : 0));
  }
  return Uint8Array.from(bytes);
}
