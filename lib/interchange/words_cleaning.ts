import { cleaner, type CleaningStepName, KERAS_FILTERS, type TextSettings } from "../text/mod.ts";

/** Fewer words tell nothing of what a cleaning leaves out. */
const ENOUGH = 20;

/**
 * The cleaning that a vocabulary shows, for a tokenizer that splits at spaces alone: captions had
 * been cleaned before it saw them, and words without a capital, a sign or a one-letter word came from
 * captions without any.
 *
 * @param words without markers
 */
export function cleaningOfWords(words: readonly string[]): TextSettings["cleaning"] {
  const steps: CleaningStepName[] = [];
  if (words.every((word) => word === word.toLowerCase())) steps.push("lowercase");
  const has = (signs: string) =>
    words.some((word) => Array.from(signs).some((sign) => word.includes(sign)));
  const plain = cleaner(["signsToSpaces"]);
  const isPlain = words.every((word) => plain(word).join(" ") === word);
  const isLong = words.length >= ENOUGH && words.every((word) => Array.from(word).length > 1);
  if (isPlain && steps.length > 0 && !isLong) return "default";
  if (isPlain) steps.push("deleteApostrophes", "nfc", "segmentWords", "signsToSpaces");
  else if (!has(KERAS_FILTERS)) steps.push("kerasFilters");
  if (isLong) steps.push("dropOneCharacterWords");
  return steps;
}
