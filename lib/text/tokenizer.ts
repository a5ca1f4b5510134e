import { cleaner } from "./cleaning.ts";
import type { TextSettings } from "./settings.ts";
import { shorten } from "./shorten.ts";

/** A word of the vocabulary. */
export interface VocabularyWord {
  /** As it stands in cleaned captions. */
  word: string;
  /** How often it occurs in the captions fitted on; of a marker: in how many it stands. */
  count: number;
  /** How many of these captions hold it. */
  captions: number;
}

/** Size of a list of captions under a tokenizer. */
export interface TokenizerSize {
  /** Number of indices, padding included. */
  vocabulary: number;
  /** Words of the longest caption, start and end included. */
  longest: number;
  /** (Prefix, next word) pairs: the words of all captions but each one's start. */
  pairs: number;
}

/** All that a {@linkcode Tokenizer} consists of. */
export interface TokenizerParts {
  /** The rules it works by. */
  settings: TextSettings;
  /** Vocabulary by index, from 1 on. */
  words: VocabularyWord[];
  /** Captions it was fitted on. */
  captions: number;
  /** Words it was fitted on that are not in the vocabulary: distinct ones, and occurrences. */
  rare: { words: number; occurrences: number };
  /** Words of the longest of them, start and end included. */
  longest: number;
  /** (Prefix, next word) pairs of them. */
  pairs: number;
}

/**
 * Captions to word indices and back; index 0 is padding.
 *
 * Indices are by frequency, ties by first appearance (Keras' rule). Markers
 * stand before all words (unknown, start, end), or among them where
 * `markers.asWords` is set.
 *
 * ```ts
 * import { fitTokenizer } from "./fit_tokenizer.ts";
 * import { textSettings } from "./settings.ts";
 *
 * const tokenizer = fitTokenizer(["A dog runs.", "A cat!"], textSettings.parse({}));
 * tokenizer.encode("a cat runs"); // Int32Array [2, 4, 7, 6, 3]
 * tokenizer.decode([2, 4, 7, 6, 3, 0]); // ["a", "cat", "runs"]
 * ```
 */
export class Tokenizer {
  /** The rules it works by. */
  readonly settings: TextSettings;
  /** Vocabulary by index; entry 0 is the padding's. */
  readonly words: readonly VocabularyWord[];
  /** Index that fills up a batch. */
  readonly padding = 0;
  /** Index that begins every caption. */
  readonly start: number;
  /** Index that ends every caption. */
  readonly end: number;
  /** Index of words outside the vocabulary; undefined where they are left out. */
  readonly unknown: number | undefined;
  /** What it was fitted on. */
  readonly fitted: Readonly<Omit<TokenizerParts, "settings" | "words">>;
  readonly #indices: ReadonlyMap<string, number>;
  readonly #clean: (caption: string) => string[];

  /**
   * Puts a tokenizer together; {@linkcode fitTokenizer} makes its parts.
   *
   * @throws {RangeError} if a word occurs twice, or a marker is missing or could be a caption's word
   */
  constructor(parts: TokenizerParts) {
    const { settings, words, captions, rare, longest, pairs } = parts;
    const { markers, unknownWords } = settings;
    checkMarkers(settings, markers.asWords);
    this.settings = settings;
    this.fitted = { captions, rare, longest, pairs };
    this.words = [{ word: markers.padding, count: 0, captions: 0 }, ...words];
    const indices = new Map(words.map(({ word }, i) => [word, i + 1]));
    if (indices.size < words.length) {
      const twice = words.find(({ word }, i) => indices.get(word) !== i + 1)!.word;
      throw new RangeError(`The vocabulary holds "${shorten(twice)}" twice: leave one out`);
    }
    const indexOf = (marker: string) => {
      const index = indices.get(marker);
      if (index === undefined) {
        throw new RangeError(
          `The vocabulary lacks the marker "${shorten(marker)}": build the tokenizer again`,
        );
      }
      return index;
    };
    this.start = indexOf(markers.start);
    this.end = indexOf(markers.end);
    this.unknown = unknownWords === "mark" ? indexOf(markers.unknown) : undefined;
    this.#indices = indices;
    this.#clean = cleaner(settings.cleaning);
  }

  /** Number of indices, padding and markers included. */
  get vocabularySize(): number {
    return this.words.length;
  }

  /** Indices that stand for no word: padding, start, end and, where there is one, unknown. */
  get markerIndices(): number[] {
    const indices = [this.padding, this.start, this.end];
    return this.unknown === undefined ? indices : [...indices, this.unknown];
  }

  /** A caption's words as they are looked up: cleaned, without markers. */
  clean(caption: string): string[] {
    return this.#clean(caption);
  }

  /** The index of a cleaned word; that of the unknown word (or undefined) if it has none. */
  index(word: string): number | undefined {
    return this.#indices.get(word) ?? this.unknown;
  }

  /** A raw caption's indices, start and end included. */
  encode(caption: string): Int32Array {
    const indices = [this.start];
    for (const word of this.#clean(caption)) {
      const index = this.index(word);
      if (index !== undefined) indices.push(index);
    }
    indices.push(this.end);
    return Int32Array.from(indices);
  }

  /**
   * The words of indices, without padding, start, end and unknown.
   *
   * @throws {RangeError} if an index is not in the vocabulary
   */
  decode(indices: Iterable<number>): string[] {
    const words: string[] = [];
    for (const index of indices) {
      if (this.words[index] === undefined) {
        throw new RangeError(
          `Index ${index} is not in the vocabulary, whose indices end with ${
            this.words.length - 1
          }`,
        );
      }
      const isMarker = index === this.padding || index === this.start || index === this.end ||
        index === this.unknown;
      if (!isMarker) words.push(this.words[index].word);
    }
    return words;
  }

  /** What it makes of captions; without any: of those it was fitted on. */
  measure(captions?: Iterable<string>): TokenizerSize {
    let { longest, pairs } = this.fitted;
    if (captions !== undefined) {
      longest = pairs = 0;
      for (const caption of captions) {
        const length = this.encode(caption).length;
        longest = Math.max(longest, length);
        pairs += length - 1;
      }
    }
    return { vocabulary: this.vocabularySize, longest, pairs };
  }
}

/**
 * Checks that markers differ from one another and that, unless they are words
 * by intent, cleaning cannot turn a caption's word into one of them.
 *
 * @param asInKeras the vocabulary is there already, as Keras has it: index 0 is no word's, and the
 * unknown word is found like any other
 * @throws {RangeError} if two are equal, or one could be a word of a caption
 */
export function checkMarkers(
  { markers, cleaning, unknownWords }: TextSettings,
  asInKeras = false,
): void {
  const names = ["start", "end", "unknown", "padding"] as const;
  const clean = cleaner(cleaning);
  for (const [i, name] of names.entries()) {
    const equal = names.slice(0, i).find((other) => markers[other] === markers[name]);
    if (equal !== undefined) {
      throw new RangeError(`The markers ${equal} and ${name} are both "${shorten(markers[name])}"`);
    }
    const mayBeWord = asInKeras ||
      (name === "unknown" ? unknownWords === "drop" : name !== "padding" && markers.asWords);
    if (!mayBeWord && clean(markers[name]).includes(markers[name])) {
      throw new RangeError(
        `The ${name} marker "${
          shorten(markers[name])
        }" could be a word of a caption, as the cleaning ` +
          `(${cleaning}) lets it through; choose another, or a cleaning with signsToSpaces`,
      );
    }
  }
}
