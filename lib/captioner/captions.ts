import type { DecodedCaption } from "../decoding/mod.ts";
import { joinWords, type Tokenizer } from "../text/mod.ts";

/** A caption of a photo, as text and as words with probabilities. */
export interface Caption {
  /** The words with spaces between, where their script has spaces. */
  caption: string;
  /** Natural log of its probability. */
  logProbability: number;
  /** Each word with its probability given those before it. */
  words: { word: string; probability: number }[];
}

/** The captions of a photo: the best one, or the first that was drawn, and the others. */
export interface Captions extends Caption {
  /** Best first, or in the order in which they were drawn. */
  alternatives: { caption: string; logProbability: number }[];
}

/**
 * Word indices as text.
 *
 * @param decoded the captions of one photo, at least one, best first
 */
export function readableCaptions(
  [best, ...others]: DecodedCaption[],
  tokenizer: Tokenizer,
): Captions {
  const text = ({ words }: DecodedCaption) => joinWords(tokenizer.decode(words));
  return {
    caption: text(best),
    logProbability: best.logProbability,
    words: best.words.flatMap((index, i) =>
      // a marker that was emitted is not a word
      tokenizer.decode([index]).map((word) => ({ word, probability: best.probabilities[i] }))
    ),
    alternatives: others.map((other) => ({
      caption: text(other),
      logProbability: other.logProbability,
    })),
  };
}
