/** Bytes to be read from anywhere in them: a file, a part of one, or an array. */
export interface ByteSource {
  /** What to call it in messages. */
  readonly name: string;
  /** Bytes there are. */
  readonly size: number;
  /**
   * A new array of bytes.
   *
   * @throws {SyntaxError} if they are not all there
   */
  readAt(at: number, length: number): Uint8Array<ArrayBuffer>;
}

/** A file open for reading. */
export class FileBytes implements ByteSource, Disposable {
  /** Its path. */
  readonly name: string;
  /** As it was when it was opened. */
  readonly size: number;
  readonly #file: Deno.FsFile;

  /**
   * Opens it.
   *
   * @throws {Deno.errors.NotFound} if there is no such file
   * @throws {SyntaxError} if it is a folder
   */
  constructor(path: string) {
    this.name = path;
    try {
      this.#file = Deno.openSync(path);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
      throw new Deno.errors.NotFound(`There is no file ${path}`);
    }
    const { size, isDirectory } = this.#file.statSync();
    this.size = size;
    if (!isDirectory) return;
    this.#file.close();
    throw new SyntaxError(`${path} is a folder, not a file`);
  }

  /** See {@linkcode ByteSource}. */
  readAt(at: number, length: number): Uint8Array<ArrayBuffer> {
    checkSpan(this, at, length);
    const bytes = new Uint8Array(length);
    this.#file.seekSync(at, Deno.SeekMode.Start);
    for (let done = 0; done < length;) {
      const read = this.#file.readSync(bytes.subarray(done));
      if (read === null) {
        throw new SyntaxError(`${this.name} became shorter while it was read: get the file again`);
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
  /** How many. */
  readonly size: number;
  readonly #bytes: Uint8Array;

  /** @param name what to call them in messages */
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

/** The end of other bytes. */
export class RestOfBytes implements ByteSource {
  /** Of the whole. */
  readonly name: string;
  /** From where it starts to the end. */
  readonly size: number;

  /** @param from where it starts in the whole */
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
    `${name} is truncated: ${length} bytes are wanted from byte ${at} on, but it has ${size}`,
  );
}
