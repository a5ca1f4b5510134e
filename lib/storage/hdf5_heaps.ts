import { Buffer } from "node:buffer";

/** A global heap collection begins with these, its version, and three zeros. */
const HEADER = "GCOL\x01\0\0\0";

/** Bytes before a collection's first object, and of an object's head. */
const HEAD = 16;

/** Bytes read at once: larger ones, searched as strings, would be collected as garbage dearly. */
const PIECE = 1 << 18;

/** Bytes of the largest heap that is read: texts of a model, with its whole config, are far smaller. */
const LARGEST = 1 << 26;

/**
 * Makes sure that reading the texts of an HDF5 file comes to an end: the library goes round in circles
 * where a global heap has free space of no size, or an object that wraps around its memory (HDF5 File
 * Format Specification, III.E).
 *
 * @param label what to call the file in the message
 * @throws {SyntaxError} if there is such a heap
 */
export async function checkHeaps(file: Deno.FsFile, label: string): Promise<void> {
  const { size } = await file.stat();
  const piece = Buffer.alloc(PIECE);
  for (let from = 0; from < size;) {
    const length = await readAt(file, from, piece);
    const at = find(piece.subarray(0, length));
    if (at < 0) {
      from += Math.max(HEADER.length, length - HEADER.length + 1);
      continue;
    }
    await readAt(file, from + at, piece.subarray(0, HEAD));
    const heapSize = sizeAt(piece, 0);
    const heap = Buffer.alloc(Math.min(heapSize, LARGEST, size - from - at));
    await readAt(file, from + at, heap);
    checkObjects(heap, heapSize, label);
    from += at + Math.max(heapSize, HEADER.length);
  }
}

/** Likewise for a file in memory. */
export function checkHeapsIn(bytes: Uint8Array, label: string): void {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let from = 0; from < buffer.length;) {
    const at = find(buffer.subarray(from, from + PIECE));
    if (at < 0) {
      from += PIECE - HEADER.length + 1;
      continue;
    }
    const size = sizeAt(buffer, from + at);
    const heap = buffer.subarray(from + at, from + at + Math.min(size, LARGEST));
    checkObjects(heap, size, label);
    from += at + Math.max(size, HEADER.length);
  }
}

/** As a string, since searching in a buffer is five times slower. */
function find(piece: Buffer): number {
  return piece.toString("latin1").indexOf(HEADER);
}

/** @returns how many bytes were read: fewer at the end of the file */
async function readAt(file: Deno.FsFile, at: number, into: Uint8Array): Promise<number> {
  await file.seek(at, Deno.SeekMode.Start);
  let done = 0;
  while (done < into.length) {
    const read = await file.read(into.subarray(done));
    if (read === null) break;
    done += read;
  }
  return done;
}

function sizeAt(bytes: Buffer, at: number): number {
  return at + HEAD <= bytes.length ? Number(bytes.readBigUInt64LE(at + 8)) : 0;
}

/**
 * Objects follow each other up to the heap's end, each padded to 8 bytes; index 0 is free space, whose
 * size counts its head.
 */
function checkObjects(heap: Buffer, heapSize: number, label: string): void {
  for (let at = HEAD; at + HEAD <= heap.length;) {
    const index = heap.readUInt16LE(at);
    const size = Number(heap.readBigUInt64LE(at + 8));
    const step = index === 0 ? size : HEAD + Math.ceil(size / 8) * 8;
    if (step === 0 || at + step > heapSize) {
      throw new SyntaxError(
        `${label} is damaged: reading its texts would come to no end; get the file again`,
      );
    }
    at += step;
  }
}
