import { z } from "zod";
import { cleaner } from "../text/mod.ts";
import { pennTreebankWords } from "./penn_treebank.ts";

/**
 * What makes words of a caption before it is scored: `ptb` Penn Treebank words
 * in lower case without punctuation, as COCO's evaluation; `words` those of our
 * default cleaning (lower case, apostrophes deleted, other signs to spaces);
 * `none` what white space separates, as it stands.
 */
export const tokenizations = ["ptb", "words", "none"] as const;

/** Name of a way to make words of a caption. */
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
