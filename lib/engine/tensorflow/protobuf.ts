/**
 * A field of a Protocol Buffers message: its number, and a varint, or the bytes of a text in ASCII or
 * of a message, a character each.
 */
export type Field = [number, number | string];

/**
 * A message in the wire format (protobuf.dev, "Encoding").
 *
 * @returns a character for each byte, as strings are joined faster than arrays of bytes
 */
export function message(...fields: Field[]): string {
  let written = "";
  for (const [number, value] of fields) {
    written += typeof value === "number"
      ? varint(number << 3) + varint(value)
      : varint(number << 3 | 2) + varint(value.length) + value;
  }
  return written;
}

/** Seven bits a byte, the lowest first; negative numbers in two's complement of 64 bits. */
function varint(value: number): string {
  if (value >= 0 && value < 0x80) return String.fromCharCode(value);
  let written = "";
  for (let left = BigInt.asUintN(64, BigInt(value)); left > 0n; left >>= 7n) {
    written += String.fromCharCode(Number(left & 0x7fn) | (left > 0x7fn ? 0x80 : 0));
  }
  return written;
}
