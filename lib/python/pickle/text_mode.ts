import { type ByteSource, MemoryBytes } from "../byte_source.ts";

/** Most files have a plain line feed in their first bytes. */
const HEAD = 1 << 16;
/** Larger files are not unpacked into memory. */
const LARGEST = 512 * 2 ** 20;

/**
 * A pickle as it was before it was written in text mode on Windows, or checked out by git with
 * `autocrlf`: every line feed has become two bytes, which damages binary protocols.
 *
 * Where each line feed follows a carriage return, taking these out is exact.
 *
 * @returns undefined if that has not happened to it
 */
export function withoutTextMode(source: ByteSource): ByteSource | undefined {
  if (source.size > LARGEST) return undefined;
  const head = source.readAt(0, Math.min(source.size, HEAD));
  if (windowsLineEnds(head) === undefined) return undefined;
  const bytes = source.readAt(0, source.size);
  const feeds = windowsLineEnds(bytes);
  if (feeds === undefined || feeds === 0) return undefined;
  const plain = new Uint8Array(bytes.length - feeds);
  let to = 0;
  for (const [at, byte] of bytes.entries()) {
    if (byte !== 0x0d || bytes[at + 1] !== 0x0a) plain[to++] = byte;
  }
  return new MemoryBytes(source.name, plain);
}

/** How many line feeds there are; undefined if one does not follow a carriage return. */
function windowsLineEnds(bytes: Uint8Array): number | undefined {
  let feeds = 0;
  for (let at = bytes.indexOf(0x0a); at !== -1; at = bytes.indexOf(0x0a, at + 1)) {
    if (bytes[at - 1] !== 0x0d) return undefined;
    feeds++;
  }
  return feeds;
}
