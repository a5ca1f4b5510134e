import type { ByteSource } from "./byte_source.ts";

/** A range of bytes in a source. */
export interface Span {
  /** Offset of its first byte. */
  at: number;
  /** Number of bytes. */
  length: number;
}

/** Bytes read at once: few after a jump, as the next jump may be near, then twice as many each time. */
const SMALLEST_PIECE = 1 << 9;
const LARGEST_PIECE = 1 << 16;

/** Reads a source from start to end; skipped bytes are not read. */
export class ByteReader {
  /** Offset of the next byte. */
  position = 0;
  #piece = new Uint8Array(0);
  #pieceAt = 0;
  #pieceSize = SMALLEST_PIECE;

  /** @param source the bytes */
  constructor(readonly source: ByteSource) {}

  /** Bytes left. */
  get left(): number {
    return this.source.size - this.position;
  }

  /** The next byte. */
  byte(): number {
    const bytes = this.#have(1);
    return bytes[this.position++ - this.#pieceAt];
  }

  /** A view of the next bytes, valid until the next call. */
  view(length: number): DataView {
    const { buffer, byteOffset } = this.#have(length);
    const view = new DataView(buffer, byteOffset + this.position - this.#pieceAt, length);
    this.position += length;
    return view;
  }

  /**
   * Skips bytes.
   *
   * @param what names them in the message
   * @throws {SyntaxError} if fewer bytes are left
   */
  skip(length: number, what: string): Span {
    const at = this.position;
    if (length < 0 || length > this.left) {
      throw new SyntaxError(
        `${this.source.name} claims ${what} of ${length} bytes at byte ${at}, but ${this.left} ` +
          "are left: it is truncated or damaged, get it again",
      );
    }
    this.position += length;
    return { at, length };
  }

  /** Skips a line, which ends with a line feed. */
  skipLine(): Span {
    const at = this.position;
    for (;;) {
      const piece = this.#have(1).subarray(this.position - this.#pieceAt);
      const end = piece.indexOf(0x0a);
      if (end < 0) this.position += piece.length;
      else {
        this.position += end + 1;
        return { at, length: this.position - 1 - at };
      }
    }
  }

  #have(length: number): Uint8Array<ArrayBuffer> {
    const from = this.position - this.#pieceAt;
    if (from >= 0 && from + length <= this.#piece.length) return this.#piece;
    if (length > this.left) {
      throw new SyntaxError(
        `${this.source.name} is truncated: it ends at byte ${this.source.size}, in the middle of its data; get it again`,
      );
    }
    const jumped = this.position !== this.#pieceAt + this.#piece.length;
    this.#pieceSize = jumped ? SMALLEST_PIECE : Math.min(LARGEST_PIECE, 2 * this.#pieceSize);
    this.#pieceAt = this.position;
    this.#piece = this.source.readAt(this.position, Math.min(this.#pieceSize, this.left));
    return this.#piece;
  }
}
