import { KerasTokenizer, shorten } from "../text/mod.ts";
import type { PickleValue } from "../python/mod.ts";
import { itemsOf, textOf, textsOf } from "./plain_values.ts";

/**
 * The tokenizer of a word dictionary: word → index (`wordtoix.pkl`, `tokenizer.word_index`), index →
 * word (`ixtoword.pkl`), both in a dict or list, or a list of words that begins with the padding's
 * name (`vectorizer.get_vocabulary()`). It does not tell how captions were cleaned.
 *
 * @returns undefined if it is not a dictionary of words
 * @throws {SyntaxError} if it is one, but a word has two indices, an index two words, or the two
 * dictionaries differ
 */
export function dictionaryTokenizer(value: PickleValue, path: string): KerasTokenizer | undefined {
  const found = dictionariesIn(value, path);
  const [first, ...others] = found;
  if (first === undefined) return undefined;
  for (const other of others) {
    const word = [...first.keys(), ...other.keys()].find((one) =>
      first.get(one) !== other.get(one)
    );
    if (word === undefined) continue;
    throw new SyntaxError(
      `${path} has two dictionaries, in which "${shorten(word)}" is ${
        first.get(word) ?? "missing"
      } and ` +
        `${other.get(word) ?? "missing"}: save the right one alone`,
    );
  }
  const tokenizer = new KerasTokenizer({
    filters: "",
    lower: false,
    oovToken: [...first.keys()].find(isUnknown) ?? null,
  });
  tokenizer.wordIndex = new Map([...first].sort((a, b) => a[1] - b[1]));
  return tokenizer;
}

/** `<unk>`, `[UNK]`, `unk`: a name that no caption holds as a word. */
function isUnknown(word: string): boolean {
  return /^[^\p{L}\p{N}]+(?:unk|unknown|oov|rare)[^\p{L}\p{N}]+$|^(?:unk|oov)$/iu.test(word);
}

/** Whether a word is the name of what fills up a batch: `<pad>`, `[PAD]`, "". */
export function isPaddingName(word: string): boolean {
  return /^[^\p{L}\p{N}]*(?:(?:pad|padding|null|nul|none|mask|masked|blank|empty|unused)\d*)?[^\p{L}\p{N}]*$/iu
    .test(word);
}

function dictionariesIn(value: PickleValue, path: string): Map<string, number>[] {
  if (value instanceof Map) {
    const own = dictionaryIn(value, path);
    return own !== undefined ? [own] : nested([...value.values()], path);
  }
  const texts = textsOf(itemsOf(value)?.[0] === null ? ["", ...itemsOf(value)!.slice(1)] : value);
  if (texts !== undefined && texts.length > 1) return [wordList(texts, path)];
  return nested(itemsOf(value) ?? [], path);
}

/** Beside dictionaries there may be other values, such as the longest caption's length. */
function nested(values: readonly PickleValue[], path: string): Map<string, number>[] {
  return values.flatMap((value) => value instanceof Map ? dictionaryIn(value, path) ?? [] : []);
}

/** Of words to indices or the other way; either may have become texts. */
function dictionaryIn(
  map: ReadonlyMap<PickleValue, PickleValue>,
  path: string,
): Map<string, number> | undefined {
  if (map.size === 0) return undefined;
  const entries = [...map];
  if (entries.every(([key, value]) => textOf(key) !== undefined && indexOf(value) !== undefined)) {
    return checked(wordsToIndices(entries, path), path);
  }
  if (entries.every(([key, value]) => indexOf(key) !== undefined && textOf(value) !== undefined)) {
    return checked(indicesToWords(entries, path), path);
  }
}

function wordsToIndices(entries: [PickleValue, PickleValue][], path: string): Map<string, number> {
  return new Map(entries.map(([word, index]) => {
    if (indexOf(index)! >= 0) return [textOf(word)!, indexOf(index)!];
    throw new SyntaxError(
      `${path} has the word "${
        shorten(textOf(word)!)
      }" at ${index}, which is no index: save the dictionary ` +
        "that the model was trained with",
    );
  }));
}

function indicesToWords(entries: [PickleValue, PickleValue][], path: string): Map<string, number> {
  const words = new Map<string, number>();
  for (const [index, value] of entries) {
    const word = textOf(value)!;
    if (words.has(word)) {
      throw new SyntaxError(
        `${path} has the word "${shorten(word)}" at ${words.get(word)} and at ${index}: save the ` +
          "dictionary that the model was trained with",
      );
    }
    words.set(word, indexOf(index)!);
  }
  return words;
}

/** A whole number, which may have become a text. */
function indexOf(value: PickleValue): number | undefined {
  if (typeof value === "number") return Number.isSafeInteger(value) ? value : undefined;
  const text = textOf(value);
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

function checked(words: Map<string, number>, path: string): Map<string, number> {
  checkWords([...words.keys()], path);
  const byIndex = new Map<number, string>();
  for (const [word, index] of words) {
    const other = byIndex.get(index);
    if (other !== undefined) {
      throw new SyntaxError(
        `${path} has "${shorten(other)}" and "${
          shorten(word)
        }" both at ${index}: it counts words, or is damaged; ` +
          "save the dictionary of words and their indices",
      );
    }
    byIndex.set(index, word);
  }
  return words;
}

/** @throws {SyntaxError} if most of them are captions or the names of photos */
function checkWords(words: readonly string[], path: string): void {
  const kinds = [[/\S\s+\S/, "captions"], [/\.(jpe?g|png|gif|bmp|webp)$/i, "photos"]] as const;
  for (const [pattern, what] of kinds) {
    const [one, ...more] = words.filter((word) => pattern.test(word));
    if (one === undefined || 2 * more.length + 2 < words.length) continue;
    throw new SyntaxError(
      `${path} holds ${what} ("${
        shorten(one)
      }"), not words: give the tokenizer, or {word: index, …}`,
    );
  }
}

function wordList(words: string[], path: string): Map<string, number> {
  checkWords(words, path);
  if (!isPaddingName(words[0])) {
    throw new SyntaxError(
      `${path} is a list of words that begins with "${
        shorten(words[0])
      }", not with the padding's name ` +
        `("" or <pad>): whether that is index 0 or 1 is not told; save {word: index, …} instead`,
    );
  }
  const at = new Map<string, number>();
  for (const [index, word] of words.entries()) {
    if (at.has(word)) {
      throw new SyntaxError(
        `${path} has the word "${shorten(word)}" at ${
          at.get(word)
        } and at ${index}: save the list that the ` +
          "model was trained with",
      );
    }
    at.set(word, index);
  }
  return at;
}
