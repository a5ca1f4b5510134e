import { Buffer } from "node:buffer";

/** A line of a text file. */
export interface TextLine {
  /** From 1 on. */
  line: number;
  /** Without its end; bytes that are no UTF-8 as U+FFFD. */
  text: string;
  /** Whether all of its bytes are UTF-8. */
  broken: boolean;
}

const LF = 10;

/**
 * The lines of a UTF-8 text file, with or without byte order mark and with any line ends, read in
 * pieces; a file whose name ends in `.gz` is unpacked on the way.
 *
 * @throws {Error} naming the file, if it is not there, begins like UTF-16, or is no whole gzip file
 */
export async function* readLines(path: string): AsyncGenerator<TextLine> {
  const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  const lenient = new TextDecoder("utf-8", { ignoreBOM: true });
  let line = 0;
  for await (const bytes of byteLines(path)) {
    let text: string;
    let broken = false;
    try {
      text = strict.decode(bytes);
    } catch {
      text = lenient.decode(bytes);
      broken = true;
    }
    if (line === 0 && text.startsWith("\ufeff")) text = text.slice(1);
    if (text.endsWith("\r")) text = text.slice(0, -1);
    for (const part of text.split("\r")) yield { line: ++line, text: part, broken };
  }
}

async function* byteLines(path: string): AsyncGenerator<Uint8Array> {
  let pieces: Uint8Array[] = []; // of a line that has not ended yet
  let first = true;
  for await (const bytes of openBytes(path)) {
    if (first) checkEncoding(bytes, path);
    first = false;
    let from = 0;
    for (let to = bytes.indexOf(LF); to !== -1; to = bytes.indexOf(LF, from)) {
      yield joined([...pieces, bytes.subarray(from, to)]);
      pieces = [];
      from = to + 1;
    }
    if (from < bytes.length) pieces.push(bytes.slice(from));
  }
  if (pieces.length > 0) yield joined(pieces);
}

function joined(pieces: Uint8Array[]): Uint8Array {
  return pieces.length === 1 ? pieces[0] : Buffer.concat(pieces);
}

function checkEncoding([first, second]: Uint8Array, path: string): void {
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
    throw new Error(`${path} is UTF-16 text: save it as UTF-8`);
  }
}

async function* openBytes(path: string): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const file = await Deno.open(path).catch((cause) => {
    if (!(cause instanceof Deno.errors.NotFound)) throw cause;
    throw new Error(`There is no ${path}: put the data set's own file there`, { cause });
  });
  if (!path.toLowerCase().endsWith(".gz")) return yield* file.readable;
  try {
    yield* file.readable.pipeThrough(new DecompressionStream("gzip"));
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    throw new Error(`${path} is no whole gzip file: get it again`, { cause });
  }
}
