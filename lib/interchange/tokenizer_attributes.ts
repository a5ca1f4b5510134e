import { KerasTokenizer, parseJson } from "../text/mod.ts";
import { describeValue, PickleTuple, type PickleValue } from "../python/mod.ts";
import { asPickleValue, textOf } from "./plain_values.ts";

/**
 * Keras' Tokenizer from its attributes, as a pickle of one has them, or from its config
 * (`get_config()`), whose dictionaries are JSON in texts.
 *
 * @throws {SyntaxError} if an attribute has an unexpected type
 * @throws {RangeError} if it works on characters
 */
export function tokenizerOfAttributes(
  state: ReadonlyMap<PickleValue, PickleValue>,
  path: string,
): KerasTokenizer {
  const attribute = (name: string, types: string[], missing?: PickleValue) => {
    const found = state.get(name) ?? missing ?? null;
    if (types.includes(found === null ? "null" : typeof found)) return found;
    throw new SyntaxError(
      `${path}: the tokenizer's ${name} is ${describeValue(found)}, not ${
        types.join(" or ")
      }: save the ` +
        "fitted tokenizer again",
    );
  };
  if (attribute("char_level", ["boolean"], false)) {
    throw new RangeError(
      `${path}: a Keras tokenizer of characters (char_level) cannot be used for words`,
    );
  }
  const tokenizer = new KerasTokenizer({
    // Keras 1 called it nb_words.
    numWords: attribute("num_words", ["number", "null"], state.get("nb_words")) as number | null,
    filters: filtersOf(state.get("filters") ?? "", path),
    lower: attribute("lower", ["boolean"], true) as boolean,
    split: attribute("split", ["string"], " ") as string,
    oovToken: attribute("oov_token", ["string", "null"]) as string | null,
  });
  tokenizer.documentCount = attribute("document_count", ["number"], 0) as number;
  for (const [word, n] of counts(state, "word_counts", path)) tokenizer.wordCounts.set(word, n);
  for (const [word, n] of counts(state, "word_docs", path)) tokenizer.wordDocs.set(word, n);
  const index = counts(state, "word_index", path).sort((a, b) => a[1] - b[1]);
  if (index.length === 0) {
    throw new SyntaxError(
      `${path}: the tokenizer has no words: it was not fitted: save it after fit_on_texts`,
    );
  }
  tokenizer.wordIndex = new Map(index);
  return tokenizer;
}

/** A string; in earlier versions of Keras a list of characters. */
function filtersOf(filters: PickleValue, path: string): string {
  const items = filters instanceof PickleTuple
    ? filters.items
    : filters instanceof Set
    ? [...filters]
    : filters;
  if (typeof items === "string") return items;
  if (Array.isArray(items) && items.every((item) => typeof item === "string")) {
    return items.join("");
  }
  throw new SyntaxError(
    `${path}: the tokenizer's filters are ${describeValue(filters)}, not a string`,
  );
}

function counts(
  state: ReadonlyMap<PickleValue, PickleValue>,
  name: string,
  path: string,
): [string, number][] {
  const stored = state.get(name) ?? new Map<PickleValue, PickleValue>();
  const map = textOf(stored) === undefined ? stored : ofJson(textOf(stored)!);
  if (!(map instanceof Map)) {
    throw new SyntaxError(
      `${path}: the tokenizer's ${name} is ${
        describeValue(map)
      }, not a dict: save the fitted tokenizer again`,
    );
  }
  return [...map].map(([word, count]) => {
    if (typeof word === "string" && typeof count === "number" && Number.isSafeInteger(count)) {
      return [word, count];
    }
    throw new SyntaxError(
      `${path}: the tokenizer's ${name} has ${describeValue(word)} → ${describeValue(count)}, ` +
        "not a word → a whole number: save the fitted tokenizer again",
    );
  });
}

function ofJson(text: string): PickleValue {
  try {
    return asPickleValue(parseJson(text));
  } catch {
    return text;
  }
}
