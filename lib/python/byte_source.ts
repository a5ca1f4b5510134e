import { openInputSync } from "../storage/mod.ts";

/** Bytes with random access: a file, part of one, or an array. */
export interface ByteSource {
  /** What to call it in messages. */
  readonly name: string;
  /** Number of bytes. */
  readonly size: number;
  /**
   * Copies bytes into a new array.
   *
   * @throws {SyntaxError} if the source ends before
   */
  readAt(at: number, length: number): Uint8Array<ArrayBuffer>;
}

/** A file open for reading. */
export class FileBytes implements ByteSource, Disposable {
  /** Its path. */
  readonly name: string;
  /** Its size when it was opened. */
  readonly size: number;
  readonly #file: Deno.FsFile;

  /**
   * Opens the file.
   *
   * @throws {Deno.errors.NotFound} if there is no such file
   * @throws {SyntaxError} if it is no regular file, or cannot be read
   */
  constructor(path: string) {
    this.name = path;
    this.#file = openInputSync(path);
    this.size = this.#file.statSync().size;
  }

  /** See {@linkcode ByteSource}. */
  readAt(at: number, length: number): Uint8Array<ArrayBuffer> {
    checkSpan(this, at, length);
    const bytes = new Uint8Array(length);
    this.#file.seekSync(at, Deno.SeekMode.Start);
    for (let done = 0; done < length;) {
      const read = this.#file.readSync(bytes.subarray(done));
      if (read === null) {
        throw new SyntaxError(
          `${this.name} became shorter while it was being read: get the file again`,
        );
      }
      done += read;
    }
    return bytes;
  }

  /** Closes the file. */
  [Symbol.dispose](): void {
    this.#file.close();
  }
}

/** Bytes in memory. */
export class MemoryBytes implements ByteSource {
  /** Number of bytes. */
  readonly size: number;
  readonly #bytes: Uint8Array;

  /**
   * Bytes under a name.
   *
   * @param name what to call them in messages
   */
  constructor(readonly name: string, bytes: Uint8Array) {
    this.size = bytes.length;
    this.#bytes = bytes;
  }

  /** See {@linkcode ByteSource}. */
  readAt(at: number, length: number): Uint8Array<ArrayBuffer> {
    checkSpan(this, at, length);
    return new Uint8Array(this.#bytes.subarray(at, at + length)); // slice() of a Buffer shares
  }
}

/** All bytes of another source from an offset on. */
export class RestOfBytes implements ByteSource {
  /** Name of the whole. */
  readonly name: string;
  /** Bytes from the offset to the end. */
  readonly size: number;

  /**
   * Bytes under a name.
   *
   * @param from offset in the whole
   */
  constructor(readonly whole: ByteSource, readonly from: number) {
    this.name = whole.name;
    this.size = whole.size - from;
  }

  /** See {@linkcode ByteSource}. */
  readAt(at: number, length: number): Uint8Array<ArrayBuffer> {
    checkSpan(this, at, length);
    return this.whole.readAt(this.from + at, length);
  }
}

function checkSpan({ name, size }: ByteSource, at: number, length: number): void {
  if (at >= 0 && length >= 0 && at + length <= size) return;
  throw new SyntaxError(
    `${name} is truncated: ${length} bytes are needed from byte ${at} on, but it has ${size}`,
  );
}
