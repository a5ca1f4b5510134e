import { spaceWords } from "./unspaced_scripts.ts";

/**
 * One step of cleaning: a caption in, a caption out; words are what white
 * space separates.
 */
export type CleaningStep = (caption: string) => string;

/** Name of a cleaning step. */
export type CleaningStepName =
  | "lowercase"
  | "lowercaseTurkish"
  | "nfc"
  | "deleteApostrophes"
  | "deletePunctuation"
  | "segmentWords"
  | "signsToSpaces"
  | "kerasFilters"
  | "commasToSpaces"
  | "hyphensToSpaces"
  | "deleteAllButAToZ"
  | "deleteAllButLetters"
  | "dropOneCharacterWords"
  | "dropWordsWithSigns";

/** Characters that Keras' Tokenizer replaces with spaces by default. */
export const KERAS_FILTERS = '!"#$%&()*+,-./:;<=>?@[\\]^_`{|}~\t\n';

// A letter or digit, then marks as well (Devanagari vowels, variation selectors);
// a zero-width joiner only between letters, so that emoji leave nothing behind.
const WORD = /[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}]|[\u200c\u200d](?=\p{L}))*/gu;

/** Every cleaning step by name; steps combine in any order. */
export const cleaningSteps: Readonly<Record<CleaningStepName, CleaningStep>> = {
  /** Every letter to lower case, by Unicode's rules, not those of a language. */
  lowercase: (caption) => caption.toLowerCase(),
  /** The same by the rules of Turkish and Azerbaijani: "I" becomes "ı", and "İ" becomes "i". */
  lowercaseTurkish: (caption) => caption.toLocaleLowerCase("tr"),
  /** Composed letters (NFC): "u" and a combining diaeresis become "ü". */
  nfc: (caption) => caption.normalize("NFC"),
  /** "don't", "don’t" and "don`t" become "dont". */
  deleteApostrophes: (caption) => caption.replace(/['’‘‛ʼ＇´`]/g, ""),
  /** Deletes the 32 signs of ASCII (Python's `string.punctuation`): "t-shirt" becomes "tshirt". */
  deletePunctuation: (caption) => caption.replace(/[!-/:-@[-`{-~]/g, ""),
  /** Spaces between words of scripts without spaces: "一只狗" becomes "一只 狗". */
  segmentWords: spaceWords,
  /**
   * All but letters, their marks and digits of any script become spaces: "t-shirt" becomes
   * "t shirt". Soft hyphens, visible only at the end of a line, are deleted.
   */
  signsToSpaces: (caption) => (caption.replaceAll("\u00ad", "").match(WORD) ?? []).join(" "),
  /** What Keras' Tokenizer filters by default becomes spaces; the apostrophe is not among it. */
  kerasFilters: (caption) => caption.replace(/[!-&(-/:-@[-`{-~\t\n]/g, " "),
  /** Commas become spaces. */
  commasToSpaces: (caption) => caption.replaceAll(",", " "),
  /** Hyphens (ASCII's) become spaces. */
  hyphensToSpaces: (caption) => caption.replaceAll("-", " "),
  /** Deletes all but a to z and white space: "ä" and digits go. */
  deleteAllButAToZ: (caption) => caption.replace(/[^a-z\s]/g, ""),
  /** Deletes all but letters of any script and white space. */
  deleteAllButLetters: (caption) => caption.replace(/[^\p{L}\s]/gu, ""),
  /** Drops words of one character (code point), signs included: "a", "." and "2" go. */
  dropOneCharacterWords: (caption) =>
    keep(caption, (word) => word.length > 1 && !/^.$/u.test(word)),
  /** Drops words that contain anything but letters: "dog." and "2nd" go. */
  dropWordsWithSigns: (caption) => keep(caption, (word) => /^\p{L}+$/u.test(word)),
};

function keep(caption: string, wanted: (word: string) => boolean): string {
  return caption.split(/\s+/).filter((word) => word !== "" && wanted(word)).join(" ");
}
