import {
  decodeUtf8,
  KerasTokenizer,
  type Tokenizer,
  tokenizerFromJson,
  tokenizerToKeras,
} from "../text/mod.ts";
import { CONTENT_HEAD } from "../storage/mod.ts";
import { FileBytes } from "./byte_source.ts";
import { checkProjectFile } from "./check_project_file.ts";
import { describe } from "./pickle/build.ts";
import { readPickle } from "./pickle/read_pickle.ts";
import { PickleObject, PickleTuple, type PickleValue } from "./pickle/values.ts";
import { asPickleValue, dictionaryTokenizer } from "./word_dictionary.ts";

/** A tokenizer as stored in a file. */
export interface TokenizerFile {
  /** The file's path. */
  path: string;
  /** The file's format. */
  format: "pickle" | "Keras JSON" | "Showtell" | "dictionary";
  /** The tokenizer as Keras has it. */
  keras: KerasTokenizer;
  /** The tokenizer with its own rules, if the file is Showtell's. */
  own?: Tokenizer;
}

/** Larger texts are refused. */
const LARGEST_TEXT = 512 * 2 ** 20;

/**
 * Reads a tokenizer, recognised by its content: a pickle of Keras' Tokenizer (`tokenizer.pkl`,
 * `tokenizer.p`; parsed, never executed), its `to_json()` (also when quoted twice), a dictionary of
 * words and indices (pickle or JSON), or Showtell's `tokenizer.json`.
 *
 * @throws {Deno.errors.NotFound} if there is no such file
 * @throws {SyntaxError} if it is refused, damaged, truncated, or none of these
 * @throws {RangeError} if it works on characters
 */
export function readTokenizerFile(path: string): TokenizerFile {
  using file = new FileBytes(path);
  const head = file.readAt(0, Math.min(CONTENT_HEAD, file.size));
  checkProjectFile(path, head, "a tokenizer", ["pickle", "JSON"]);
  if (!isText(file)) {
    const value = readPickle(file);
    const keras = dictionaryTokenizer(value, path);
    if (keras !== undefined) return { path, format: "dictionary", keras };
    return { path, format: "pickle", keras: tokenizerOf(value, path) };
  }
  if (file.size > LARGEST_TEXT) {
    throw new SyntaxError(
      `${path} has ${file.size} bytes of text, which is too large for a tokenizer`,
    );
  }
  return tokenizerOfText(decodeUtf8(file.readAt(0, file.size), path), path);
}

/**
 * Parses a tokenizer from JSON.
 *
 * @throws {SyntaxError} if the text is not a tokenizer
 */
export function tokenizerOfText(text: string, path: string): TokenizerFile {
  try {
    let json = JSON.parse(text);
    if (typeof json === "string") json = JSON.parse(text = json); // json.dump(tokenizer.to_json())
    if (json?.format === "showtell-tokenizer") {
      const own = tokenizerFromJson(text);
      return {
        path,
        format: "Showtell",
        keras: KerasTokenizer.fromJson(tokenizerToKeras(own)),
        own,
      };
    }
    if (json?.config?.word_index !== undefined) {
      return { path, format: "Keras JSON", keras: KerasTokenizer.fromJson(text) };
    }
    if (typeof json?.word_index === "string") { // json.dump(tokenizer.get_config())
      const whole = JSON.stringify({ config: json });
      return { path, format: "Keras JSON", keras: KerasTokenizer.fromJson(whole) };
    }
    const keras = dictionaryTokenizer(asPickleValue(json), path);
    if (keras !== undefined) return { path, format: "dictionary", keras };
    throw new SyntaxError(
      "Not a tokenizer: " +
        (json?.modelTopology === undefined
          ? "the JSON is neither Keras' to_json(), nor a dictionary of words and indices, nor " +
            "Showtell's tokenizer.json"
          : "it is a TF.js model; give the Keras file that it was converted from"),
    );
  } catch (error) {
    const { message } = error as Error;
    if (message.startsWith(`${path} `)) throw error;
    if (error instanceof RangeError) throw new RangeError(`${path}: ${message}`);
    if (!message.startsWith("Not a ")) {
      throw new SyntaxError(`${path} is not JSON (${message}): get the file again`);
    }
    throw new SyntaxError(`${path}: ${message[0].toLowerCase()}${message.slice(1)}`);
  }
}

/**
 * Keras' Tokenizer from a parsed pickle.
 *
 * @throws {SyntaxError} if it is not a Tokenizer, or an attribute has an unexpected type
 * @throws {RangeError} if it works on characters
 */
export function tokenizerOf(value: PickleValue, path: string): KerasTokenizer {
  if (!(value instanceof PickleObject)) {
    throw new SyntaxError(`${path} holds ${describe(value)}, not a Keras Tokenizer`);
  }
  const { state } = value;
  const attribute = (name: string, types: string[], missing?: PickleValue) => {
    const found = state.get(name) ?? missing ?? null;
    if (types.includes(found === null ? "null" : typeof found)) return found;
    throw new SyntaxError(
      `${path}: the tokenizer's ${name} is ${describe(found)}, not ${types.join(" or ")}`,
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
    throw new SyntaxError(`${path}: the tokenizer has no words: it was not fitted`);
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
  throw new SyntaxError(`${path}: the tokenizer's filters are ${describe(filters)}, not a string`);
}

function counts(
  state: ReadonlyMap<PickleValue, PickleValue>,
  name: string,
  path: string,
): [string, number][] {
  const map = state.get(name) ?? new Map<PickleValue, PickleValue>();
  if (!(map instanceof Map)) {
    throw new SyntaxError(`${path}: the tokenizer's ${name} is ${describe(map)}, not a dict`);
  }
  return [...map].map(([word, count]) => {
    if (typeof word === "string" && typeof count === "number" && Number.isSafeInteger(count)) {
      return [word, count];
    }
    throw new SyntaxError(
      `${path}: the tokenizer's ${name} has ${describe(word)} → ${describe(count)}, ` +
        "not a word → a whole number",
    );
  });
}

/** JSON begins with a brace, a bracket or a quote; a pickle never does. */
function isText(file: FileBytes): boolean {
  const head = new TextDecoder().decode(file.readAt(0, Math.min(64, file.size)));
  return /^\ufeff?\s*["{[]/.test(head);
}
