import { z } from "zod";
import { cleaner } from "../text/mod.ts";
import { pennTreebankWords } from "./penn_treebank.ts";

/**
 * How a caption is split into words before it is scored: `ptb` into Penn Treebank
 * words in lower case without punctuation, as COCO's evaluation does; `words` by our
 * default cleaning (lower case, apostrophes deleted, other signs to spaces); `none`
 * at white space, unchanged.
 */
export const tokenizations = ["ptb", "words", "none"] as const;

/** Name of a way to split a caption into words. */
export type Tokenization = typeof tokenizations[number];

/** The function behind each name. */
export const tokenizers: Readonly<Record<Tokenization, (caption: string) => string[]>> = {
  ptb: pennTreebankWords,
  words: cleaner("default"),
  none: (caption) => caption.split(/\s+/).filter((word) => word !== ""),
};

/**
 * Schema of a metric's setting `tokenize`.
 *
 * @internal
 */
export const tokenizeSetting = z.enum(tokenizations).default("words").describe(
  "words of a caption: ptb (Penn Treebank without punctuation, as COCO's evaluation), words " +
    "(lower case, apostrophes deleted, other signs to spaces), none (split at white space)",
);
