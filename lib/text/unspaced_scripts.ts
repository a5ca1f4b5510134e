// By extensions, so that signs shared by some scripts (the long vowel of kana) are in.
const UNSPACED =
  "[\\p{scx=Han}\\p{scx=Hiragana}\\p{scx=Katakana}\\p{scx=Thai}\\p{scx=Lao}\\p{scx=Khmer}\\p{scx=Myanmar}]";

const RUN = new RegExp(`${UNSPACED}+`, "gu");
const AT_END = new RegExp(`${UNSPACED}$`, "u");
const AT_START = new RegExp(`^${UNSPACED}`, "u");

// The language decides nothing for these scripts, but left out it would be the machine's.
const SEGMENTER = new Intl.Segmenter("en", { granularity: "word" });

/**
 * Sets spaces between words of scripts that have none (Chinese, Japanese, Thai, Lao, Khmer,
 * Burmese), as the dictionaries of `Intl.Segmenter` find them; other scripts stay as they are.
 *
 * Engines with other versions of these dictionaries may find other words.
 */
export function spaceWords(text: string): string {
  return text.replace(
    RUN,
    (run) => ` ${Array.from(SEGMENTER.segment(run), ({ segment }) => segment).join(" ")} `,
  );
}

/**
 * A caption of words: spaces between them, but none beside words of scripts that have none.
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
