/** Encodings of strings in pickles, which depend on the protocol and on Python's version. */
export type TextEncoding = "utf-8" | "raw-unicode-escape" | "latin-1" | "repr";

/**
 * Decodes a string of a pickle.
 *
 * @param name the file's name, for the message
 * @throws {SyntaxError} if the bytes are not valid in that encoding
 */
export function decodeText(bytes: Uint8Array, encoding: TextEncoding, name: string): string {
  switch (encoding) {
    case "utf-8":
      return fromUtf8(bytes, name);
    case "latin-1":
      return latin1(bytes);
    case "raw-unicode-escape":
      return unescapeUnicode(latin1(bytes));
    case "repr":
      return unquote(latin1(bytes), name);
  }
}

/** Bytes that stand for text: UTF-8, or Latin-1 where they are not. */
export function textOfBytes(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    return latin1(bytes);
  }
}

/** One byte per character. @throws {SyntaxError} if a character is not in Latin-1 */
export function encodeLatin1(text: string, name: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 255) {
      throw new SyntaxError(`${name} is damaged: bytes hold a character U+${hex(code)}`);
    }
    bytes[i] = code;
  }
  return bytes;
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Python writes lone surrogates too ("surrogatepass"), three bytes each. */
const SURROGATE = /\xed([\xa0-\xbf])([\x80-\xbf])/g;

function fromUtf8(bytes: Uint8Array, name: string): string {
  try {
    return utf8.decode(bytes);
  } catch {
    const parts: string[] = [];
    const plain = latin1(bytes);
    let from = 0;
    try {
      for (const { 0: found, 1: high, 2: low, index } of plain.matchAll(SURROGATE)) {
        parts.push(utf8.decode(bytes.subarray(from, index)));
        parts.push(
          String.fromCharCode(0xd000 | (high.charCodeAt(0) & 63) << 6 | low.charCodeAt(0) & 63),
        );
        from = index + found.length;
      }
      return parts.join("") + utf8.decode(bytes.subarray(from));
    } catch {
      throw new SyntaxError(`${name} is damaged: a string in it is not UTF-8`);
    }
  }
}

/** Not TextDecoder's "latin1", which is Windows-1252. */
export function latin1(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let at = 0; at < bytes.length; at += 8192) {
    parts.push(String.fromCharCode(...bytes.subarray(at, at + 8192)));
  }
  return parts.join("");
}

/** Python's raw-unicode-escape: a backslash counts only before u or U and after an even number. */
function unescapeUnicode(text: string): string {
  return text.replace(
    /\\\\|\\u([0-9a-fA-F]{4})|\\U([0-9a-fA-F]{8})/g, // pairs of backslashes stay
    (all, short?: string, long?: string) => {
      const code = parseInt(short ?? long ?? "", 16);
      return Number.isNaN(code) || code > 0x10ffff ? all : String.fromCodePoint(code);
    },
  );
}

const ESCAPES: Record<string, string> = {
  "\\": "\\",
  "'": "'",
  '"': '"',
  n: "\n",
  r: "\r",
  t: "\t",
  a: "\x07",
  b: "\b",
  f: "\f",
  v: "\v",
};

/** Python 2's `repr` of a str, as protocol 0 writes it. */
function unquote(text: string, name: string): string {
  const quoted = /^\s*(?:'([^]*)'|"([^]*)")\s*$/.exec(text);
  if (quoted === null) throw new SyntaxError(`${name} is damaged: a string in it has no quotes`);
  return (quoted[1] ?? quoted[2]).replace(
    /\\(?:x([0-9a-fA-F]{2})|([0-7]{1,3})|([^]))/g,
    (all, hexadecimal?: string, octal?: string, plain?: string) =>
      hexadecimal !== undefined
        ? String.fromCharCode(parseInt(hexadecimal, 16))
        : octal !== undefined
        ? String.fromCharCode(parseInt(octal, 8) & 255)
        : ESCAPES[plain!] ?? all,
  );
}

function hex(code: number): string {
  return code.toString(16).toUpperCase().padStart(4, "0");
}
