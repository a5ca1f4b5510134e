import { Buffer } from "node:buffer";

/** One line of a text file. */
export interface TextLine {
  /** From 1 on. */
  number: number;
  /** Without its end; undefined if it is longer than allowed. */
  bytes?: Uint8Array;
}

/** Bytes that are read at once. */
const PIECE = 1 << 20;

/**
 * The lines of a text file that are not empty, a batch at a time; memory does not grow with the
 * file, and a line longer than `longest` bytes is passed over.
 *
 * @throws {Error} naming the file, if it begins like UTF-16
 */
export async function* readTextLines(
  path: string,
  longest: number,
): AsyncGenerator<TextLine[]> {
  using file = await Deno.open(path);
  let begun: Uint8Array[] = []; // pieces of a line whose end has not come yet
  let length = 0;
  let number = 1;
  const endLine = (rest: Uint8Array): TextLine => {
    const line = { number: number++ };
    const whole = length === 0 ? rest : Buffer.concat([...begun, rest]);
    const tooLong = length + rest.length > longest;
    begun = [];
    length = 0;
    return tooLong ? line : { ...line, bytes: withoutReturn(whole) };
  };
  for (let first = true;; first = false) {
    let piece = new Uint8Array(PIECE);
    const size = await file.read(piece);
    if (size === null) break;
    piece = piece.subarray(0, size);
    if (first) piece = afterMark(piece, path);
    const lines: TextLine[] = [];
    let from = 0;
    for (let to; (to = piece.indexOf(10, from)) >= 0; from = to + 1) {
      lines.push(endLine(piece.subarray(from, to)));
    }
    if (from < piece.length) {
      if (length <= longest) begun.push(piece.subarray(from));
      length += piece.length - from;
    }
    yield lines.filter(hasContent);
  }
  if (length > 0) yield [endLine(new Uint8Array())].filter(hasContent);
}

/**
 * The bytes after the mark that UTF-8 may begin with.
 *
 * @throws {Error} naming the file, if it begins like UTF-16
 */
export function afterMark(
  bytes: Uint8Array<ArrayBuffer>,
  path: string,
): Uint8Array<ArrayBuffer> {
  const [first, second, third] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
    throw new Error(`${path} is UTF-16 text: save it as UTF-8`);
  }
  return first === 0xef && second === 0xbb && third === 0xbf ? bytes.subarray(3) : bytes;
}

const hasContent = ({ bytes }: TextLine) => bytes === undefined || bytes.length > 0;

function withoutReturn(line: Uint8Array): Uint8Array {
  return line.at(-1) === 13 ? line.subarray(0, -1) : line;
}
