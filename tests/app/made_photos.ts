import zlib from "node:zlib";

/** A PNG whose header tells of so many pixels, with hardly any behind it. */
export function pngOfSize(width: number, height: number): Uint8Array<ArrayBuffer> {
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header.set([8, 0], 8); // bits, greyscale
  const pieces = [
    Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
    chunk("IHDR", header),
    chunk("IDAT", new Uint8Array(zlib.deflateSync(new Uint8Array(64)))),
    chunk("IEND", new Uint8Array()),
  ];
  return concat(pieces);
}

function chunk(type: string, data: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const typed = concat([new TextEncoder().encode(type), data]);
  return concat([uint32(data.length), typed, uint32(zlib.crc32(typed))]);
}

function uint32(value: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}

/** All bytes in a row. */
export function concat(pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

/** A photo of one colour, encoded by sharp. */
export async function plainPhoto(
  format: "jpeg" | "png" | "webp" | "avif" | "gif" | "tiff",
  width = 32,
  height = 24,
): Promise<Uint8Array<ArrayBuffer>> {
  const { default: sharp } = await import("sharp");
  const create = { width, height, channels: 3 as const, background: "#30a050" };
  return new Uint8Array(await sharp({ create }).toFormat(format).toBuffer());
}

/** An AVIF that says to be of another size (its box "ispe", ISO/IEC 23008-12, 6.5.3). */
export async function avifOfSize(width: number, height: number): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = await plainPhoto("avif");
  const text = new TextDecoder("latin1").decode(bytes);
  for (let at = text.indexOf("ispe"); at >= 0; at = text.indexOf("ispe", at + 4)) {
    bytes.set(uint32(width), at + 8);
    bytes.set(uint32(height), at + 12);
  }
  return bytes;
}

/** The bytes of a text. */
export function textBytes(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}
