import { gunzipSync, inflateSync } from "node:zlib";
import { type ByteSource, MemoryBytes } from "../python/mod.ts";

/** Larger contents are not unpacked into memory. */
const LARGEST = 2 ** 31 - 1;

/**
 * The content of a file that gzip or zlib compressed (`gzip.open`, `joblib.dump(…, compress=3)`); any
 * other source, and a damaged one, as it is.
 *
 * @throws {SyntaxError} if it is too large for the memory
 */
export function uncompressed(source: ByteSource): ByteSource {
  const [first = 0, second = 0] = source.size < 2 ? [] : source.readAt(0, 2);
  const isGzip = first === 0x1f && second === 0x8b;
  const isZlib = first === 0x78 && (first * 256 + second) % 31 === 0;
  if (!isGzip && !isZlib) return source;
  if (source.size > LARGEST) throw tooLarge(source);
  try {
    const unpack = isGzip ? gunzipSync : inflateSync;
    const bytes = unpack(source.readAt(0, source.size), { maxOutputLength: LARGEST });
    return new MemoryBytes(source.name, new Uint8Array(bytes));
  } catch (error) {
    if (error instanceof RangeError) throw tooLarge(source);
    return source; // damaged, or the two bytes are a text's: its reader says what it finds
  }
}

function tooLarge({ name }: ByteSource): SyntaxError {
  return new SyntaxError(`${name} is compressed, and too large to unpack here: unpack it first`);
}
