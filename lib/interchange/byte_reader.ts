import type { ByteSource } from "./byte_source.ts";

/** Where a piece of a source lies. */
export interface Span {
  /** Its first byte. */
  at: number;
  /** Bytes. */
  length: number;
}

/** Bytes read at once: few after a jump, since the next jump may be near, then more and more. */
const smallestPiece = 1 << 9;
const largestPiece = 1 << 16;

/** Reads a source from its beginning to its end; what is skipped is not read. */
export class ByteReader {
  /** The next byte's place. */
  position = 0;
  #piece = new Uint8Array(0);
  #pieceAt = 0;
  #pieceSize = smallestPiece;

  /** @param source the bytes */
  constructor(readonly source: ByteSource) {}

  /** Bytes that are left. */
  get left(): number {
    return this.source.size - this.position;
  }

  /** One byte. */
  byte(): number {
    const bytes = this.#have(1);
    return bytes[this.position++ - this.#pieceAt];
  }

  /** A view of some bytes, good until the next call. */
  view(length: number): DataView {
    const { buffer, byteOffset } = this.#have(length);
    const view = new DataView(buffer, byteOffset + this.position - this.#pieceAt, length);
    this.position += length;
    return view;
  }

  /**
   * Passes over bytes.
   *
   * @param what for the message
   * @throws {SyntaxError} if fewer are left
   */
  skip(length: number, what: string): Span {
    const at = this.position;
    if (length < 0 || length > this.left) {
      throw new SyntaxError(
        `${this.source.name} claims ${what} of ${length} bytes at byte ${at}, but ${this.left} ` +
          "are left: it is truncated, or damaged",
      );
    }
    this.position += length;
    return { at, length };
  }

  /** Passes over a line, which ends with a line feed. */
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
        `${this.source.name} is truncated: it ends with byte ${this.source.size}, in the middle`,
      );
    }
    const jumped = this.position !== this.#pieceAt + this.#piece.length;
    this.#pieceSize = jumped ? smallestPiece : Math.min(largestPiece, 2 * this.#pieceSize);
    this.#pieceAt = this.position;
    this.#piece = this.source.readAt(this.position, Math.min(this.#pieceSize, this.left));
    return this.#piece;
  }
}
