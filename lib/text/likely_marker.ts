/** Where a marker stands. */
export type Side = "start" | "end";

/** A name in brackets, as the source of a regular expression. */
export const BRACKETED = String
  .raw`<\s?[^<>\s]{1,40}\s?>|\[\s?[^[\]\s]{1,40}\s?\]|\{\s?[^{}\s]{1,40}\s?\}`;
const WHOLE = new RegExp(`^(?:${BRACKETED})$`);

export function isBracketed(marker: string): boolean {
  return WHOLE.test(marker);
}

/** What stands in brackets. */
function nameOf(piece: string): string {
  return piece.slice(1, -1).replace(/^[\s|/_-]+|[\s|/_-]+$/g, "");
}

const STEMS: Record<Side, string> = {
  start:
    "start|begin|beginning|beg|bos|sos|boc|soc|bot|sot|go|cls|anfang|beginn|début|debut|inicio|" +
    "início|inizio|başla|начало|开始|開始",
  end:
    "end|ending|stop|finish|eos|eoc|eot|eoseq|sep|fin|ende|schluss|fim|fine|final|son|конец|结束|" +
    "結束|終了",
};

/** What markers' names have beside the stem. */
const PARTS = "seq|sequence|sent|sentence|caption|cap|tok|token|tag|word|text|line|mark|marker|" +
  String.raw`sym|symbol|of|xx|[\p{P}\p{S}\d]`;

const NAMES = Object.fromEntries(
  Object.entries(STEMS).map(([side, stems]) => [
    side,
    new RegExp(`^(?:${PARTS})*(${stems})(?:${PARTS})*$`, "iu"),
  ]),
) as Record<Side, RegExp>;

/** Stems that are no words of a language. */
const NO_WORDS = /^(?:[bs]o[sct]|eo[sct]|eoseq|cls)$/i;

/** Tokens of other tools, which no text has. */
const SPECIAL = /^(?:s|e|cls|sep|unk|unknown|mask|pad|padding)$/i;

/** `[Music]`, as subtitles write what is heard. */
export function isSquare(piece: string): boolean {
  return /^\[.*\]$/.test(piece);
}

/** Characters of the longest marker; what is longer also takes too long to match. */
const LONGEST = 60;

/**
 * How much a piece at the end of nearly all captions looks like a marker; "word": it may also be a
 * word, "tag": it is framed by signs, but not named like one.
 */
export function likelyMarker(
  piece: string,
  side: "start" | "end",
): "marker" | "tag" | "word" | "none" {
  if (piece.length > LONGEST) return "none";
  if (/^[^\p{L}\p{N}]*$/u.test(piece)) return "none"; // punctuation
  if (isBracketed(piece)) {
    const name = nameOf(piece);
    const isNamed = SPECIAL.test(name) || NAMES.start.test(name) || NAMES.end.test(name);
    return isNamed ? "marker" : "tag";
  }
  const name = piece.replace(/[.,;:!?]+$/, "");
  const stem = NAMES[side].exec(name)?.[1];
  if (stem !== undefined) return stem === name && !NO_WORDS.test(name) ? "word" : "marker";
  if (/^[^\p{L}\p{N}\s].*[^\p{L}\p{N}\s]$/u.test(piece)) { // "(Reuters)" and quoted words are text
    return /^["'“”‘’«»(]|[.,;:!?]$/.test(piece) ? "none" : "tag";
  }
  return /^(\p{L})\1{2,}$/u.test(name) ? "word" : "none";
}

/** What fills up short captions: `<pad>`. */
export function isPadding(piece: string): boolean {
  return isBracketed(piece) && /^pad(ding)?$/i.test(nameOf(piece));
}
