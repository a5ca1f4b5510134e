import {
  checkContent,
  CONTENT_HEAD,
  exists,
  openHdf5,
  openZip,
  readHead,
  recogniseContent,
} from "../storage/mod.ts";
import { decodeUtf8, parseJson } from "../text/mod.ts";
import {
  type ByteSource,
  describeValue,
  FileBytes,
  isNpy,
  latin1,
  type PickleValue,
  readNpy,
  readPickle,
} from "../python/mod.ts";
import { checkProjectFile, mayBePickle } from "./check_project_file.ts";
import { checkEntries } from "./feature_files/check_numbers.ts";
import type { FeaturesFile } from "./feature_files/features_file.ts";
import { featuresInValue, holdsFeatures } from "./feature_files/features_in_value.ts";
import { openFeaturesFile } from "./feature_files/open_features_file.ts";
import type { ImportedModel } from "./keras/imported_model.ts";
import { architectureOf } from "./keras/architecture.ts";
import {
  type KerasModelOptions,
  readKerasModel,
  weightsOfFolder,
} from "./keras/read_keras_model.ts";
import { textsOf } from "./plain_values.ts";
import { checkTensorflow } from "./tensorflow_files.ts";
import { type TokenizerFile, tokenizerOfText } from "./tokenizer_file.ts";
import { type FoundTokenizer, tokenizerInValue } from "./tokenizer_in_value.ts";
import { uncompressed } from "./uncompressed.ts";
import { wordsInText } from "./words_in_text.ts";

/** What a features file contains, without its numbers. */
export type FeaturesSummary = Pick<FeaturesFile, "format" | "names" | "featureShape" | "dtype">;

const EXPECTED = "a file of a Keras project";

/** A file of a Keras project, and what it is. */
export type RecognisedFile =
  | { kind: "model"; path: string; model: ImportedModel }
  | { kind: "architecture"; path: string; name: string }
  | { kind: "tokenizer"; path: string; tokenizer: TokenizerFile }
  | { kind: "features"; path: string; features: FeaturesSummary };

/** A recognised file of one kind. */
export type FileOf<Kind extends RecognisedFile["kind"]> = Extract<RecognisedFile, { kind: Kind }>;

/**
 * Recognises a file by its content, not by its name: a Keras model (or the folder of an unzipped
 * `.keras` archive), the layers of one (`model.to_json()`), a tokenizer, or features.
 *
 * @param options what is known of it if it is a model
 * @throws {Deno.errors.NotFound} if there is no such file
 * @throws {SyntaxError} if it is none of these, or refused, damaged or truncated
 * @throws {RangeError} if it is a model or a tokenizer of an unsupported kind, or a feature has a number
 * that is NaN or infinite
 * @throws {TypeError} if its features are not floating-point numbers
 */
export async function recogniseFile(
  given: string,
  options: KerasModelOptions = {},
): Promise<RecognisedFile> {
  const path = await weightsOfFolder(given);
  checkTensorflow(path);
  if (!await exists(path) && await exists(`${path}.index`)) checkTensorflow(`${path}.index`);
  using stored = new FileBytes(path);
  if (stored.size === 0) throw new SyntaxError(`${path} is empty: get the file again`);
  const file = uncompressed(stored);
  const head = headOf(file);
  if (file !== stored && /^(HDF5|zip)$/.test(recogniseContent(head)?.kind ?? "")) {
    checkProjectFile(path, headOf(stored), EXPECTED, []);
  }
  const words = wordsInLines(file, head);
  if (words !== undefined) return { kind: "tokenizer", path, tokenizer: { path, ...words } };
  checkProjectFile(path, head, EXPECTED, ["HDF5", "zip", "npy", "pickle", "JSON"]);
  const begins = (text: string) => latin1(head).startsWith(text);
  if (begins("\x89HDF")) {
    return await isModel(path) ? await model(path, options) : await features(path);
  }
  if (begins("PK")) {
    return await holdsModel(path) ? await model(path, options) : await features(path);
  }
  if (isNpy(head)) {
    const words = wordsInNpy(file);
    if (words === undefined) return await features(path);
    return { kind: "tokenizer", path, tokenizer: { path, ...words } };
  }
  if (/^(\u00ef\u00bb\u00bf)?\s*["{[]/.test(latin1(head))) { // a pickle never begins like this
    const layers = architectureIn(file);
    if (layers !== undefined) return { kind: "architecture", path, name: layers };
    const text = decodeUtf8(file.readAt(0, file.size), path);
    return { kind: "tokenizer", path, tokenizer: tokenizerOfText(text, path) };
  }
  const value = pickled(file);
  const tokenizer = tokenizerInValue(value, path);
  if (tokenizer !== undefined) {
    return { kind: "tokenizer", path, tokenizer: { path, ...tokenizer } };
  }
  if (value instanceof Map || holdsFeatures(value, path)) {
    using opened = featuresInValue(value, { path, format: "pickle", close: () => {} });
    await checkEntries(opened);
    return { kind: "features", path, features: summary(opened) };
  }
  throw new SyntaxError(
    `${path} is a pickle of ${
      describeValue(value)
    }, neither a Keras Tokenizer, nor a dictionary of words and indices, nor a dict of photo name ` +
      "→ array",
  );
}

function headOf(file: ByteSource): Uint8Array {
  return file.readAt(0, Math.min(CONTENT_HEAD, file.size));
}

/** A plain text with a word a line; undefined for any other file. */
function wordsInLines(file: ByteSource, head: Uint8Array): FoundTokenizer | undefined {
  const kind = recogniseContent(head)?.kind;
  if (kind !== "text" && kind !== "JSON" || file.size > LARGEST_LIST) return undefined;
  if (mayBePickle(head)) return undefined;
  const text = decodeUtf8(file.readAt(0, file.size), file.name);
  if (isJson(text)) return undefined;
  const words = wordsInText(text, file.name);
  return words === undefined ? undefined : tokenizerInValue(words, file.name);
}

/** Larger texts are not lists of words. */
const LARGEST_LIST = 2 ** 24;

function isJson(text: string): boolean {
  try {
    parseJson(text);
    return true;
  } catch {
    return false;
  }
}

function pickled(file: ByteSource): PickleValue {
  try {
    return readPickle(file);
  } catch (error) {
    if (!(error as Error).message.startsWith(`${file.name} is not a pickle`)) throw error;
    throw new SyntaxError(
      `${file.name} is not ${EXPECTED} that can be read: neither a model (.h5, .keras), nor a ` +
        "tokenizer (pickle, JSON), nor features (pickle, .npy, .npz, HDF5)",
    );
  }
}

/** `np.save("wordtoix.npy", wordtoix)`, or a list of words. */
function wordsInNpy(file: ByteSource): FoundTokenizer | undefined {
  const array = readNpy(file);
  const { shape, dtype, data } = array;
  if (dtype.kind === "O" && shape.length === 0 && Array.isArray(data)) {
    return tokenizerInValue(data[0], file.name);
  }
  const words = textsOf(array);
  return words && tokenizerInValue(words, file.name);
}

/** How a zip archive is called whose first member tells nothing. */
const PLAIN_ZIP = "a zip archive";

async function isModel(path: string): Promise<boolean> {
  using file = await openHdf5(path);
  return file.attribute("", "model_config") !== undefined ||
    file.attribute("", "layer_names") !== undefined ||
    ["model_weights", "layers", "_layer_checkpoint_dependencies"].some((group) =>
      file.has(group)
    ) ||
    file.keys().some((key) => file.has(`${key}/vars`)); // of a model that is a class of one's own
}

async function holdsModel(path: string): Promise<boolean> {
  using archive = await openZip(path);
  if (archive.members.has("config.json")) return true;
  const other = [...archive.members.keys()].find((member) => !member.endsWith(".npy"));
  if (other === undefined) return false;
  const found = recogniseContent(readHead(path));
  if (found?.what !== PLAIN_ZIP) checkContent(path, readHead(path), EXPECTED, []);
  throw new SyntaxError(
    `${path} is neither a .keras model nor an .npz of features: it has ${other} and no config.json; ` +
      "if the file to import is in it, unpack it and give that (or the folder of a .keras file)",
  );
}

async function model(path: string, options: KerasModelOptions): Promise<RecognisedFile> {
  return { kind: "model", path, model: await readKerasModel(path, options) };
}

/** The name of the model whose layers a JSON file has, undefined if it has something else. */
function architectureIn(file: ByteSource): string | undefined {
  const text = new TextDecoder().decode(file.readAt(0, file.size));
  if (!text.includes("class_name")) return undefined;
  const { name } = architectureOf(text, file.name)?.config.config as { name?: unknown } ?? {};
  return name === undefined ? undefined : String(name);
}

async function features(path: string): Promise<RecognisedFile> {
  using file = await openFeaturesFile(path);
  await checkEntries(file);
  return { kind: "features", path, features: summary(file) };
}

function summary({ format, names, featureShape, dtype }: FeaturesFile): FeaturesSummary {
  return { format, names, featureShape, dtype };
}
