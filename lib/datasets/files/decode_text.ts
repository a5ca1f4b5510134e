import { checkContent } from "../../storage/mod.ts";

/** A text file, and the lines (from 1 on) that are not valid UTF-8. */
export interface DecodedText {
  /** Without byte order mark, with "\n" as line end; invalid bytes as U+FFFD. */
  text: string;
  brokenLines: Set<number>;
}

/**
 * Decodes UTF-8, with or without byte order mark, and any line ends.
 *
 * @throws {Error} naming the file, if it begins like UTF-16
 */
export function decodeText(bytes: Uint8Array, path: string): DecodedText {
  checkEncoding(bytes, path);
  const text = new TextDecoder().decode(bytes).replace(/\r\n?/g, "\n");
  return { text, brokenLines: text.includes("\ufffd") ? findBrokenLines(bytes) : new Set() };
}

function findBrokenLines(bytes: Uint8Array): Set<number> {
  const strict = new TextDecoder("utf-8", { fatal: true });
  const broken = new Set<number>();
  for (let line = 1, from = 0; from < bytes.length; line++) {
    let to = from;
    while (to < bytes.length && bytes[to] !== 10 && bytes[to] !== 13) to++;
    try {
      strict.decode(bytes.subarray(from, to));
    } catch {
      broken.add(line);
    }
    from = bytes[to] === 13 && bytes[to + 1] === 10 ? to + 2 : to + 1;
  }
  return broken;
}

/** @throws {Error} naming the file, if it is UTF-16, or is no text but a web page, … */
export function checkEncoding(bytes: Uint8Array, path: string): void {
  const [first, second] = bytes;
  const isMarked = first === 0xff && second === 0xfe || first === 0xfe && second === 0xff;
  if (isMarked || looksLikeUtf16(bytes.subarray(0, 1 << 10))) {
    throw new Error(`${path} is UTF-16 text: save it as UTF-8`);
  }
  checkContent(path, bytes, "a text file", ["text", "JSON"]);
}

/** In UTF-16, letters of most languages' texts have a byte of zero each, all the first or the second. */
function looksLikeUtf16(start: Uint8Array): boolean {
  const zeros = [0, 1].map((odd) =>
    start.filter((byte, at) => byte === 0 && at % 2 === odd).length
  );
  return Math.max(...zeros) > start.length / 8 && Math.min(...zeros) === 0;
}
