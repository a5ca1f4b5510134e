import { type KerasTokenizer, parseJson } from "../text/mod.ts";
import { PickleObject, type PickleValue } from "../python/mod.ts";
import { asPickleValue, itemsOf, textOf, textsOf } from "./plain_values.ts";
import { tokenizerOfAttributes } from "./tokenizer_attributes.ts";
import { dictionaryTokenizer } from "./word_dictionary.ts";

/** A tokenizer in a value, and how it is stored there. */
export interface FoundTokenizer {
  /** Its format. */
  format: "pickle" | "Keras JSON" | "dictionary" | "vocabulary";
  /** The tokenizer. */
  keras: KerasTokenizer;
}

type Dict = ReadonlyMap<PickleValue, PickleValue>;

/** A tokenizer may lie among other things (`(tokenizer, max_length)`), but among few. */
const MOST_BESIDE = 32;

/**
 * The tokenizer in a value of a pickle, of JSON or of a `.npy` file: Keras' Tokenizer as an object, its
 * attributes, its config or its JSON; the vocabulary of a TextVectorization; alone or among other
 * values; or a dictionary of words and indices.
 *
 * @returns undefined if there is none
 * @throws {SyntaxError} if there are several, or it is damaged
 * @throws {RangeError} if it works on characters
 */
export function tokenizerInValue(value: PickleValue, path: string): FoundTokenizer | undefined {
  const keras = ofKeras(value, path, 0);
  if (keras !== undefined) return keras;
  const dictionary = dictionaryTokenizer(value, path);
  return dictionary && { format: "dictionary", keras: dictionary };
}

function ofKeras(value: PickleValue, path: string, depth: number): FoundTokenizer | undefined {
  if (value instanceof PickleObject) {
    return { format: "pickle", keras: tokenizerOfAttributes(value.state, path) };
  }
  const text = textOf(value);
  if (text !== undefined) return depth < 2 ? inJson(text, path, depth) : undefined;
  if (value instanceof Map) {
    const own = inConfig(value, path) ?? inVocabulary(value, path);
    if (own !== undefined) return own;
  }
  const parts = value instanceof Map ? [...value.values()] : itemsOf(value) ?? [];
  if (depth > 1 || parts.length > MOST_BESIDE) return undefined;
  const found = parts.map((part) => ofKeras(part, path, depth + 1))
    .filter((one) => one !== undefined);
  if (found.length > 1) {
    throw new SyntaxError(
      `${path} holds ${found.length} tokenizers: save the one that the model was trained with alone`,
    );
  }
  return found[0];
}

/** `pickle.dump(tokenizer.to_json(), …)`. */
function inJson(text: string, path: string, depth: number): FoundTokenizer | undefined {
  if (!text.startsWith("{")) return undefined;
  try {
    return ofKeras(asPickleValue(parseJson(text)), path, depth + 1);
  } catch (error) {
    if (error instanceof SyntaxError && !error.message.startsWith(path)) return undefined;
    throw error;
  }
}

/** Attributes of Keras' Tokenizer that no dictionary of words is called by. */
const OWN = ["filters", "char_level", "num_words", "oov_token", "word_counts", "document_count"];

/** `to_json()`, `get_config()`, `tokenizer.__dict__`. */
function inConfig(value: Dict, path: string): FoundTokenizer | undefined {
  const inner = value.get("config");
  for (const config of inner instanceof Map ? [inner, value] : [value]) {
    const words = config.get("word_index");
    if (!(words instanceof Map) && !textOf(words)?.startsWith("{")) continue;
    if (!OWN.some((name) => config.has(name))) continue;
    return { format: "Keras JSON", keras: tokenizerOfAttributes(config, path) };
  }
}

/** Arguments of Keras' TextVectorization and StringLookup. */
const LAYER = ["output_mode", "ngrams", "standardize", "oov_token", "mask_token"];

/** What TextVectorization puts in front of words that it is given without. */
const SPECIAL = ["", "[UNK]"];

/**
 * `{"config": layer.get_config(), "weights": layer.get_weights()}` or with the vocabulary, as notebooks
 * store a TextVectorization.
 */
function inVocabulary(value: Dict, path: string): FoundTokenizer | undefined {
  const inner = value.get("config");
  const config = inner instanceof Map ? inner : value;
  const isLayer = LAYER.some((name) => config.has(name));
  const lists = [value.get("vocabulary"), value.get("vocab"), config.get("vocabulary")];
  if (isLayer) lists.push(itemsOf(value.get("weights"))?.[0]);
  const words = lists.map(textsOf).find((list) => list !== undefined && list.length > 1);
  if (words !== undefined) {
    const all = !isLayer || words[0] === "" ? words : [...SPECIAL, ...words];
    return { format: "vocabulary", keras: dictionaryTokenizer(all, path)! };
  }
  if (!isLayer || !config.has("vocabulary_size")) return undefined;
  throw new SyntaxError(
    `${path} holds the config of a TextVectorization without its words: save them in Python by ` +
      'json.dump([str(word) for word in layer.get_vocabulary()], open("words.json", "w"))',
  );
}
