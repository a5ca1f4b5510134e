import { KerasTokenizer } from "./keras_tokenizer.ts";
import type { TextSettings } from "./settings.ts";
import { Tokenizer, type VocabularyWord } from "./tokenizer.ts";

/**
 * A tokenizer in Keras' JSON (`tokenizer_from_json` reads it), with the same
 * indices.
 *
 * Keras splits only at spaces then: give it captions that are cleaned and hold
 * their start and end words.
 */
export function tokenizerToKeras(tokenizer: Tokenizer): string {
  const { markers, unknownWords } = tokenizer.settings;
  const keras = new KerasTokenizer({
    filters: "",
    lower: false,
    oovToken: unknownWords === "mark" ? markers.unknown : null,
  });
  keras.documentCount = tokenizer.fitted.captions;
  const words = tokenizer.words.slice(1);
  for (const { word, count, captions } of words) {
    if (word === keras.oovToken) continue;
    keras.wordCounts.set(word, count);
    keras.wordDocs.set(word, captions);
  }
  keras.wordIndex = new Map(words.map(({ word }, i) => [word, i + 1]));
  return keras.toJson();
}

/**
 * The tokenizer of a Keras JSON (`to_json`), with the same indices; words past
 * its `num_words` are left out.
 *
 * Keras' file does not tell the cleaning before its filters, nor the markers:
 * both come from `settings`, whose unknown marker and `unknownWords` give way
 * to the file's `oov_token`.
 *
 * @throws {SyntaxError} if the text is not of that layout
 * @throws {RangeError} if indices are not 1, 2, 3, … or a marker is not among the words
 */
export function tokenizerFromKeras(source: string, settings: TextSettings): Tokenizer {
  const keras = KerasTokenizer.fromJson(source);
  const words: VocabularyWord[] = [];
  for (const [word, index] of [...keras.wordIndex].sort((a, b) => a[1] - b[1])) {
    if (keras.numWords && index >= keras.numWords) break;
    if (index !== words.length + 1) {
      throw new RangeError(`Index ${words.length + 1} of the Keras tokenizer has no word`);
    }
    words.push({
      word,
      count: keras.wordCounts.get(word) ?? 0,
      captions: keras.wordDocs.get(word) ?? 0,
    });
  }
  return new Tokenizer({
    settings: {
      ...settings,
      unknownWords: keras.oovToken === null ? "drop" : "mark",
      markers: {
        ...settings.markers,
        unknown: keras.oovToken ?? settings.markers.unknown,
      },
    },
    words,
    captions: keras.documentCount,
    rare: { words: keras.wordIndex.size - words.length, occurrences: 0 },
    longest: 0,
    pairs: 0,
  });
}
