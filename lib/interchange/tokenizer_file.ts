import {
  decodeUtf8,
  KerasTokenizer,
  parseJson,
  type Tokenizer,
  tokenizerFromJson,
  tokenizerToKeras,
} from "../text/mod.ts";
import { CONTENT_HEAD } from "../storage/mod.ts";
import { describeValue, FileBytes, readPickle } from "../python/mod.ts";
import { checkProjectFile } from "./check_project_file.ts";
import { asPickleValue } from "./plain_values.ts";
import { tokenizerInValue } from "./tokenizer_in_value.ts";

/** A tokenizer as stored in a file. */
export interface TokenizerFile {
  /** The file's path. */
  path: string;
  /** The file's format. */
  format: "pickle" | "Keras JSON" | "Showtell" | "dictionary" | "vocabulary";
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
    const found = tokenizerInValue(value, path);
    if (found !== undefined) return { path, ...found };
    throw new SyntaxError(`${path} holds ${describeValue(value)}, not a Keras Tokenizer`);
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
    // deno-lint-ignore no-explicit-any -- looked into below
    let json: any = parseJson(text);
    if (typeof json === "string") json = parseJson(text = json); // json.dump(tokenizer.to_json())
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
    const found = tokenizerInValue(asPickleValue(json), path);
    if (found !== undefined) return { path, ...found };
    throw new SyntaxError(
      "Not a tokenizer: " +
        (json?.modelTopology === undefined
          ? "the JSON is neither Keras' to_json(), nor a dictionary of words and indices, nor " +
            "Showtell's tokenizer.json; give one of these"
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

/** JSON begins with a brace, a bracket or a quote; a pickle never does. */
function isText(file: FileBytes): boolean {
  const head = new TextDecoder().decode(file.readAt(0, Math.min(64, file.size)));
  return /^\ufeff?\s*["{[]/.test(head);
}
