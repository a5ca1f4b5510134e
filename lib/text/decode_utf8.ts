/**
 * Decodes a file of UTF-8 text, with or without byte order mark, and nothing else: read leniently,
 * text in another encoding loses its letters without a word.
 *
 * @param name the file's, for the message
 * @throws {SyntaxError} naming the line and the byte where the text is not UTF-8, or UTF-16
 */
export function decodeUtf8(bytes: Uint8Array, name: string): string {
  const [first, second] = bytes;
  const isMarked = first === 0xff && second === 0xfe || first === 0xfe && second === 0xff;
  if (isMarked || bytes.subarray(0, 4).includes(0)) {
    throw new SyntaxError(`${name} is UTF-16 text: save it as UTF-8`);
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    const at = firstInvalid(bytes);
    const line = bytes.subarray(0, at).reduce((lines, byte) => lines + Number(byte === 0x0a), 1);
    throw new SyntaxError(
      `${name} is not UTF-8: byte ${at} in line ${line} is 0x${bytes[at].toString(16)}, as in ` +
        "Latin-1 or Windows-1252: save it as UTF-8",
    );
  }
}

/** Offset of the first byte that does not begin, or go on with, a character. */
function firstInvalid(bytes: Uint8Array): number {
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
  let at = 0, from = 0;
  for (;;) {
    const found = text.indexOf("\ufffd", from);
    at += new TextEncoder().encode(text.slice(from, found)).length;
    const isReal = bytes[at] === 0xef && bytes[at + 1] === 0xbf && bytes[at + 2] === 0xbd;
    if (!isReal) return at;
    at += 3;
    from = found + 1;
  }
}
