// By extensions, so that signs shared by some scripts (the long vowel of kana) are in.
const UNSPACED =
  "[\\p{scx=Han}\\p{scx=Hiragana}\\p{scx=Katakana}\\p{scx=Thai}\\p{scx=Lao}\\p{scx=Khmer}\\p{scx=Myanmar}]";

const RUN = new RegExp(`${UNSPACED}+`, "gu");
const AT_END = new RegExp(`${UNSPACED}$`, "u");
const AT_START = new RegExp(`^${UNSPACED}`, "u");

// The language does not matter for these scripts, but without it the machine's would be used.
const SEGMENTER = new Intl.Segmenter("en", { granularity: "word" });

/**
 * Puts spaces between words of scripts written without them (Chinese, Japanese, Thai, Lao, Khmer,
 * Burmese), as the dictionaries of `Intl.Segmenter` find them; other scripts stay as they are.
 *
 * JavaScript engines with other versions of these dictionaries may find other words.
 */
export function spaceWords(text: string): string {
  return text.replace(
    RUN,
    (run) => ` ${Array.from(SEGMENTER.segment(run), ({ segment }) => segment).join(" ")} `,
  );
}

/**
 * Joins words to a caption: with spaces, except beside words of scripts written without them.
 *
 * ```ts
 * import { joinWords } from "./unspaced_scripts.ts";
 *
 * joinWords(["ein", "Hund"]); // "ein Hund"
 * joinWords(["一只", "狗"]); // "一只狗"
 * ```
 */
export function joinWords(words: readonly string[]): string {
  return words.map((word, i) => {
    const together = i === 0 || AT_END.test(words[i - 1]) || AT_START.test(word);
    return together ? word : ` ${word}`;
  }).join("");
}
