import { KERAS_FILTERS } from "./cleaning_steps.ts";
import { parseJson } from "./parse_json.ts";
import { orderedPairs, pythonObject } from "./python_json.ts";
import { shorten } from "./shorten.ts";

/** Settings of {@linkcode KerasTokenizer}, Keras' own in camel case. */
export interface KerasTokenizerOptions {
  /**
   * Only indices below it are written; null: all.
   *
   * @default {null}
   */
  numWords?: number | null;
  /**
   * Characters that become the separator: ASCII's punctuation except the apostrophe, tab, line feed.
   *
   * @default {KERAS_FILTERS}
   */
  filters?: string;
  /**
   * Whether texts are lowercased.
   *
   * @default {true}
   */
  lower?: boolean;
  /**
   * The separator.
   *
   * @default {" "}
   */
  split?: string;
  /**
   * Index 1, stands for unknown words; null: they are left out.
   *
   * @default {null}
   */
  oovToken?: string | null;
}

/**
 * Keras' `preprocessing.text.Tokenizer`, rule by rule: index by frequency,
 * ties by first appearance, index 0 never a word's.
 *
 * Its JSON is that of `to_json()` and `tokenizer_from_json()`. Not supported: `char_level`,
 * `analyzer`, matrices.
 */
export class KerasTokenizer {
  /** See {@linkcode KerasTokenizerOptions}. */
  readonly numWords: number | null;
  /** See {@linkcode KerasTokenizerOptions}. */
  readonly filters: string;
  /** See {@linkcode KerasTokenizerOptions}. */
  readonly lower: boolean;
  /** See {@linkcode KerasTokenizerOptions}. */
  readonly split: string;
  /** See {@linkcode KerasTokenizerOptions}. */
  readonly oovToken: string | null;
  /** Texts seen by {@linkcode fitOnTexts}. */
  documentCount = 0;
  /** How often each word occurs, in order of first appearance. */
  readonly wordCounts: Map<string, number> = new Map();
  /** In how many texts each word occurs. */
  readonly wordDocs: Map<string, number> = new Map();
  /** Word to index, by index. */
  wordIndex: Map<string, number> = new Map();

  /**
   * A tokenizer that has seen no text yet.
   *
   * @throws {RangeError} if the separator is empty
   */
  constructor(options: KerasTokenizerOptions = {}) {
    this.numWords = options.numWords ?? null;
    this.filters = options.filters ?? KERAS_FILTERS;
    this.lower = options.lower ?? true;
    this.split = options.split ?? " ";
    this.oovToken = options.oovToken ?? null;
    if (this.split === "") {
      throw new RangeError("The separator (split) of a tokenizer is empty: set it to a space");
    }
  }

  /** The words of a text (`text_to_word_sequence`). */
  words(text: string): string[] {
    if (this.lower) text = text.toLowerCase();
    let filtered = "";
    for (const character of text) {
      filtered += this.filters.includes(character) ? this.split : character;
    }
    return filtered.split(this.split).filter((word) => word !== "");
  }

  /** Counts the words of more texts and recomputes every word's index. */
  fitOnTexts(texts: Iterable<string>): void {
    for (const text of texts) {
      this.documentCount++;
      const words = this.words(text);
      for (const word of words) this.wordCounts.set(word, (this.wordCounts.get(word) ?? 0) + 1);
      for (const word of new Set(words)) {
        this.wordDocs.set(word, (this.wordDocs.get(word) ?? 0) + 1);
      }
    }
    const byFrequency = [...this.wordCounts].sort((a, b) => b[1] - a[1]).map(([word]) => word);
    const sorted = this.oovToken === null ? byFrequency : [this.oovToken, ...byFrequency];
    // A text that holds the unknown token itself gives it the later index, as in Keras.
    this.wordIndex = new Map(sorted.map((word, i) => [word, i + 1]));
  }

  /** Indices of each text's words. */
  textsToSequences(texts: Iterable<string>): number[][] {
    const unknown = this.oovToken === null ? undefined : this.wordIndex.get(this.oovToken);
    return Array.from(texts, (text) => {
      const sequence: number[] = [];
      for (const word of this.words(text)) {
        const index = this.wordIndex.get(word);
        const known = index !== undefined && !(this.numWords && index >= this.numWords);
        const entry = known ? index : unknown;
        if (entry !== undefined) sequence.push(entry);
      }
      return sequence;
    });
  }

  /** The words of each sequence, joined by spaces. */
  sequencesToTexts(sequences: Iterable<Iterable<number>>): string[] {
    const indexWord = new Map(Array.from(this.wordIndex, ([word, index]) => [index, word]));
    return Array.from(sequences, (sequence) => {
      const words: string[] = [];
      for (const index of sequence) {
        const word = indexWord.get(index);
        const known = word !== undefined && !(this.numWords && index >= this.numWords);
        const entry = known ? word : this.oovToken;
        if (entry !== null) words.push(entry);
      }
      return words.join(" ");
    });
  }

  /** The text that Keras' `to_json()` writes. */
  toJson(): string {
    const { wordIndex } = this;
    const config = pythonObject([
      ["num_words", this.numWords],
      ["filters", this.filters],
      ["lower", this.lower],
      ["split", this.split],
      ["char_level", false],
      ["oov_token", this.oovToken],
      ["document_count", this.documentCount],
      ["word_counts", pythonObject(this.wordCounts)],
      ["word_docs", pythonObject(this.wordDocs)],
      [
        "index_docs",
        pythonObject(Array.from(this.wordDocs, ([word, n]) => [wordIndex.get(word) ?? 0, n])),
      ],
      ["index_word", pythonObject(Array.from(wordIndex, ([word, index]) => [index, word]))],
      ["word_index", pythonObject(wordIndex)],
    ]);
    return `{"class_name": "Tokenizer", "config": ${config}}`;
  }

  /**
   * Reads what Keras' `to_json()` wrote.
   *
   * @throws {SyntaxError} if the text is not of that layout
   * @throws {RangeError} if the tokenizer works on characters
   */
  static fromJson(source: string): KerasTokenizer {
    let config: Record<string, unknown>;
    try {
      config = (parseJson(source) as { config: Record<string, unknown> }).config;
    } catch {
      throw new SyntaxError(
        "Not a Keras tokenizer: the text is not JSON; write it again by to_json()",
      );
    }
    const plain = (key: string, ...types: string[]) => {
      const value = config?.[key];
      if (!types.includes(value === null ? "null" : typeof value)) {
        throw new SyntaxError(
          `Not a Keras tokenizer: config.${key} is not ${
            types.join(" or ")
          }; write it again by to_json()`,
        );
      }
      return value;
    };
    if (plain("char_level", "boolean")) {
      throw new RangeError("A Keras tokenizer of characters (char_level) cannot be used for words");
    }
    const tokenizer = new KerasTokenizer({
      numWords: plain("num_words", "number", "null") as number | null,
      filters: plain("filters", "string") as string,
      lower: plain("lower", "boolean") as boolean,
      split: plain("split", "string") as string,
      oovToken: plain("oov_token", "string", "null") as string | null,
    });
    tokenizer.documentCount = plain("document_count", "number") as number;
    const counts = (key: string) =>
      orderedPairs(plain(key, "string") as string).map(([word, count]): [string, number] => {
        if (!Number.isSafeInteger(count)) {
          throw new SyntaxError(
            `Not a Keras tokenizer: config.${key} of "${
              shorten(word)
            }" is not an integer; write it again by to_json()`,
          );
        }
        return [word, count as number];
      });
    for (const [word, count] of counts("word_counts")) tokenizer.wordCounts.set(word, count);
    for (const [word, count] of counts("word_docs")) tokenizer.wordDocs.set(word, count);
    tokenizer.wordIndex = new Map(counts("word_index"));
    return tokenizer;
  }
}
