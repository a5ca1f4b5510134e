import { Buffer } from "node:buffer";

/** A global heap collection begins with these, its version, and three zeros. */
const HEADER = "GCOL\x01\0\0\0";

/** Bytes before a collection's first object, and of an object's head. */
const HEAD = 16;

/** Bytes read at once: larger ones, searched as strings, would be collected as garbage dearly. */
const PIECE = 1 << 18;

/** Bytes of the largest heap that is read: texts of a model, with its whole config, are far smaller. */
const LARGEST = 1 << 26;

/** An HDF5 file, on a disk or in memory. */
export interface HeapSource {
  /** Bytes in all. */
  size: number;
  /** Bytes from there on, fewer at the end; good until the next call. */
  read(at: number, length: number): Buffer | Promise<Buffer>;
}

/**
 * Makes sure that reading the texts of an HDF5 file comes to an end: the library goes round in circles
 * where a global heap has free space of no size, or an object that wraps around its memory (HDF5 File
 * Format Specification, III.E).
 *
 * @param label what to call the file in the message
 * @throws {SyntaxError} if there is such a heap
 */
export async function checkHeaps({ size, read }: HeapSource, label: string): Promise<void> {
  for (let from = 0; from < size;) {
    const at = find(await read(from, PIECE));
    if (at < 0) {
      from += PIECE - HEADER.length + 1;
      continue;
    }
    const heapSize = sizeIn(await read(from + at, HEAD));
    checkObjects(await read(from + at, Math.min(heapSize, LARGEST)), heapSize, label);
    from += at + Math.max(heapSize, HEADER.length);
  }
}

/** A file in memory. */
export function heapsIn(bytes: Uint8Array): HeapSource {
  const whole = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return { size: bytes.length, read: (at, length) => whole.subarray(at, at + length) };
}

/** An open file. */
export function heapsOf(file: Deno.FsFile, size: number): HeapSource {
  const piece = Buffer.alloc(PIECE);
  return {
    size,
    async read(at, length) {
      const wanted = Math.min(length, size - at);
      const into = wanted > PIECE ? Buffer.alloc(wanted) : piece.subarray(0, wanted);
      await file.seek(at, Deno.SeekMode.Start);
      let done = 0;
      while (done < wanted) {
        const read = await file.read(into.subarray(done));
        if (read === null) break;
        done += read;
      }
      return into.subarray(0, done);
    },
  };
}

/** As a string, since searching in a buffer is five times slower. */
function find(piece: Buffer): number {
  return piece.toString("latin1").indexOf(HEADER);
}

function sizeIn(head: Buffer): number {
  return head.length < HEAD ? 0 : Number(head.readBigUInt64LE(8));
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
