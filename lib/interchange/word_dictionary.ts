import { KerasTokenizer } from "../text/mod.ts";
import { PickleTuple, type PickleValue } from "./pickle/values.ts";

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
      `${path} has two dictionaries, in which "${word}" is ${first.get(word) ?? "missing"} and ` +
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
    const own = wordsToIndices(value, path) ?? indicesToWords(value, path);
    return own !== undefined ? [own] : nested([...value.values()], path);
  }
  const items = value instanceof PickleTuple ? [...value.items] : value;
  if (!Array.isArray(items)) return [];
  if (items.length > 1 && items.every((item) => typeof item === "string")) {
    return [wordList(items as string[], path)];
  }
  return nested(items, path);
}

/** Beside dictionaries there may be other values, such as the longest caption's length. */
function nested(values: readonly PickleValue[], path: string): Map<string, number>[] {
  return values.flatMap((value) =>
    value instanceof Map
      ? [wordsToIndices(value, path) ?? indicesToWords(value, path)].filter((one) =>
        one !== undefined
      )
      : []
  );
}

function wordsToIndices(
  map: ReadonlyMap<PickleValue, PickleValue>,
  path: string,
): Map<string, number> | undefined {
  if (map.size === 0) return undefined;
  const words = new Map<string, number>();
  for (const [word, index] of map) {
    if (typeof word !== "string" || !isIndex(index)) return undefined;
    words.set(word, index);
  }
  return checked(words, path);
}

function indicesToWords(
  map: ReadonlyMap<PickleValue, PickleValue>,
  path: string,
): Map<string, number> | undefined {
  if (map.size === 0) return undefined;
  const words = new Map<string, number>();
  for (const [key, word] of map) {
    const index = typeof key === "string" && /^\d+$/.test(key) ? Number(key) : key;
    if (typeof word !== "string" || !isIndex(index)) return undefined;
    if (words.has(word)) {
      throw new SyntaxError(
        `${path} has the word "${word}" at ${words.get(word)} and at ${index}: save the ` +
          "dictionary that the model was trained with",
      );
    }
    words.set(word, index);
  }
  return checked(words, path);
}

function isIndex(value: PickleValue): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

function checked(words: Map<string, number>, path: string): Map<string, number> {
  const byIndex = new Map<number, string>();
  for (const [word, index] of words) {
    const other = byIndex.get(index);
    if (other !== undefined) {
      throw new SyntaxError(
        `${path} has "${other}" and "${word}" both at ${index}: it counts words, or is damaged; ` +
          "save the dictionary of words and their indices",
      );
    }
    byIndex.set(index, word);
  }
  return words;
}

function wordList(words: string[], path: string): Map<string, number> {
  if (!isPaddingName(words[0])) {
    throw new SyntaxError(
      `${path} is a list of words that begins with "${words[0]}", not with the padding's name ` +
        `("" or <pad>): whether that is index 0 or 1 is not told; save {word: index, …} instead`,
    );
  }
  return checked(new Map(words.map((word, index) => [word, index])), path);
}

/** JSON's objects as maps, as a pickle has them. */
export function asPickleValue(json: unknown): PickleValue {
  if (Array.isArray(json)) return json.map(asPickleValue);
  if (typeof json !== "object" || json === null) return json as PickleValue;
  return new Map(Object.entries(json).map(([key, value]) => [key, asPickleValue(value)]));
}
