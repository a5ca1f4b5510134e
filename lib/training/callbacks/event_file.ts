/** Scalars of one step, by tag. */
export interface ScalarEvent {
  /** Seconds since 1970. */
  wallTime: number;
  step: number;
  /** Stored as 32-bit floats. */
  scalars: Record<string, number>;
}

/**
 * The first record of an event file, which names its version.
 *
 * @param wallTime seconds since 1970
 */
export function versionRecord(wallTime: number): Uint8Array<ArrayBuffer> {
  return record([...wallTimeField(wallTime), ...bytesField(3, text("brain.Event:2"))]);
}

/** A TFRecord of a TensorFlow `Event` (event.proto) with a `Summary` of scalars (summary.proto). */
export function scalarRecord({ wallTime, step, scalars }: ScalarEvent): Uint8Array<ArrayBuffer> {
  const values = Object.entries(scalars).flatMap(([tag, value]) =>
    bytesField(1, [...bytesField(1, text(tag)), ...floatField(2, value)])
  );
  return record([...wallTimeField(wallTime), 0x10, ...varint(step), ...bytesField(5, values)]);
}

/**
 * CRC-32C (Castagnoli, RFC 3720 appendix B.4) as an unsigned integer.
 *
 * @param bytes any bytes
 */
export function crc32c(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (crc >>> 8) ^ crcTable[(crc ^ byte) & 0xff];
  return (crc ^ 0xffffffff) >>> 0;
}

/** TFRecord's masked CRC-32C (record_writer.h): rotated right by 15 bits, plus a constant. */
export function maskedCrc32c(bytes: Uint8Array): number {
  const crc = crc32c(bytes);
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}

const crcTable = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  return crc >>> 0;
});

/** length (8 bytes), its CRC (4), data, its CRC (4); little-endian. */
function record(data: number[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(data.length + 16);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(data.length), true);
  view.setUint32(8, maskedCrc32c(bytes.subarray(0, 8)), true);
  bytes.set(data, 12);
  view.setUint32(12 + data.length, maskedCrc32c(bytes.subarray(12, 12 + data.length)), true);
  return bytes;
}

function text(string: string): number[] {
  return [...new TextEncoder().encode(string)];
}

function varint(value: number): number[] {
  const bytes = [];
  for (let rest = BigInt(value);; rest >>= 7n) {
    if (rest < 0x80n) return [...bytes, Number(rest)];
    bytes.push(Number(rest & 0x7fn) | 0x80);
  }
}

function bytesField(field: number, value: number[]): number[] {
  return [field << 3 | 2, ...varint(value.length), ...value];
}

function floatField(field: number, value: number): number[] {
  return [field << 3 | 5, ...new Uint8Array(Float32Array.of(value).buffer)];
}

function wallTimeField(seconds: number): number[] {
  return [0x09, ...new Uint8Array(Float64Array.of(seconds).buffer)];
}
