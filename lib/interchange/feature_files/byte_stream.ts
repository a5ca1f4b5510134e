/** Reads any number of bytes at a time from a stream of pieces. */
export class ByteStream implements AsyncDisposable {
  readonly #pieces: AsyncGenerator<Uint8Array>;
  #piece = new Uint8Array(0);
  #at = 0;

  /** @param name what to call it in messages */
  constructor(pieces: AsyncGenerator<Uint8Array>, readonly name: string) {
    this.#pieces = pieces;
  }

  /**
   * Copies the next bytes into a new array.
   *
   * @throws {SyntaxError} if the stream ends before
   */
  async read(length: number): Promise<Uint8Array<ArrayBuffer>> {
    const bytes = new Uint8Array(length);
    await this.#take(length, (part, done) => bytes.set(part, done));
    return bytes;
  }

  /**
   * Skips bytes.
   *
   * @throws {SyntaxError} if the stream ends before
   */
  async skip(length: number): Promise<void> {
    await this.#take(length, () => {});
  }

  /** Ends the stream. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#pieces.return(undefined);
  }

  async #take(length: number, take: (part: Uint8Array, done: number) => void): Promise<void> {
    for (let done = 0; done < length;) {
      if (this.#at === this.#piece.length) await this.#next();
      const part = this.#piece.subarray(this.#at, this.#at + length - done);
      take(part, done);
      done += part.length;
      this.#at += part.length;
    }
  }

  async #next(): Promise<void> {
    const { done, value } = await this.#pieces.next();
    if (done) throw new SyntaxError(`${this.name} is truncated`);
    this.#piece = value as Uint8Array<ArrayBuffer>;
    this.#at = 0;
  }
}
