import { Buffer } from "node:buffer";
import { isNotFound, openInput } from "../../storage/mod.ts";
import { checkEncoding } from "./decode_text.ts";

/** A line of a text file. */
export interface TextLine {
  /** From 1 on. */
  line: number;
  /** Without its end; invalid bytes as U+FFFD; of a line that is too long only the start. */
  text: string;
  /** Why the line cannot be used: it is not UTF-8, or too long. */
  reason?: string;
}

/** How lines are read. */
export interface ReadLinesOptions {
  /**
   * Bytes of the longest line that is kept; longer ones are cut.
   *
   * @default {33554432}
   */
  longest?: number;
  /** Receives the file's bytes as they are read, such as to digest them. */
  onBytes?(bytes: Uint8Array): void;
}

const LF = 10;

/** Bytes kept of a line that is too long. */
const START = 1 << 10;

/**
 * The lines of a UTF-8 text file, with or without byte order mark and with any line ends; a file
 * whose name ends in `.gz` is decompressed. Memory does not grow with the file.
 *
 * @throws {Error} naming the file, if it is missing, begins like UTF-16, or is not a complete gzip
 * file
 */
export async function* readLines(
  path: string,
  options: ReadLinesOptions = {},
): AsyncGenerator<TextLine> {
  for await (const lines of readLineBatches(path, options)) yield* lines;
}

/** Like {@linkcode readLines}, in batches, which is faster for many short lines. */
export async function* readLineBatches(
  path: string,
  { longest = 32 << 20, onBytes }: ReadLinesOptions = {},
): AsyncGenerator<TextLine[]> {
  const decoder = new LineDecoder(longest);
  let pieces: Uint8Array[] = []; // of an incomplete line
  let length = 0;
  let first = true;
  for await (const bytes of openBytes(path, onBytes)) {
    if (first) checkEncoding(bytes, path);
    first = false;
    const lines: TextLine[] = [];
    let from = 0;
    for (let to; (to = bytes.indexOf(LF, from)) !== -1; from = to + 1) {
      decoder.decode([...pieces, bytes.subarray(from, to)], length + to - from, lines);
      pieces = [];
      length = 0;
    }
    if (from < bytes.length) {
      if (length <= longest) pieces.push(bytes.slice(from));
      length += bytes.length - from;
    }
    yield lines;
  }
  if (length === 0) return;
  const last: TextLine[] = [];
  decoder.decode(pieces, length, last);
  yield last;
}

class LineDecoder {
  #line = 0;
  readonly #longest: number;
  readonly #strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  readonly #lenient = new TextDecoder("utf-8", { ignoreBOM: true });

  constructor(longest: number) {
    this.#longest = longest;
  }

  /** Joins pieces to a line, or to several that end in "\r" alone. */
  decode(pieces: Uint8Array[], length: number, lines: TextLine[]): void {
    if (length > this.#longest) {
      const text = this.#withoutMark(this.#lenient.decode(joined(pieces).subarray(0, START)));
      lines.push({ line: ++this.#line, text, reason: `longer than ${describe(this.#longest)}` });
      return;
    }
    const bytes = joined(pieces);
    let text: string;
    let reason: string | undefined;
    try {
      text = this.#strict.decode(bytes);
    } catch {
      text = this.#lenient.decode(bytes);
      reason = "not UTF-8";
    }
    text = this.#withoutMark(text);
    if (text.endsWith("\r")) text = text.slice(0, -1);
    for (const part of text.includes("\r") ? text.split("\r") : [text]) {
      const line = ++this.#line;
      lines.push(reason === undefined ? { line, text: part } : { line, text: part, reason });
    }
  }

  #withoutMark(text: string): string {
    return this.#line === 0 && text.startsWith("\ufeff") ? text.slice(1) : text;
  }
}

function joined(pieces: Uint8Array[]): Uint8Array {
  return pieces.length === 1 ? pieces[0] : Buffer.concat(pieces);
}

function describe(bytes: number): string {
  return bytes >= 1 << 20 ? `${bytes >> 20} MiB` : `${bytes >> 10} KiB`;
}

async function* openBytes(
  path: string,
  onBytes: ReadLinesOptions["onBytes"],
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const file = await openInput(path).catch((cause) => {
    if (!isNotFound(cause)) throw cause;
    throw new Error(`There is no ${path}: put the data set's own file there`, { cause });
  });
  if (!path.toLowerCase().endsWith(".gz")) return yield* pieces(file, onBytes);
  try {
    yield* ReadableStream.from(pieces(file, onBytes)).pipeThrough(new DecompressionStream("gzip"));
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    throw new Error(`${path} is not a complete gzip file: download it again`, { cause });
  }
}

async function* pieces(
  opened: Deno.FsFile,
  onBytes: ReadLinesOptions["onBytes"],
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  using file = opened;
  for (;;) {
    const piece = new Uint8Array(1 << 18);
    const size = await file.read(piece);
    if (size === null) return;
    const bytes = piece.subarray(0, size);
    onBytes?.(bytes);
    yield bytes;
  }
}
