import {
  cleaner,
  cleaningPresets,
  type CleaningStepName,
  KerasTokenizer,
  type TextSettings,
  textSettings,
  type Tokenizer,
  tokenizerFromKeras,
} from "../text/mod.ts";
import type { TokenizerFile } from "./tokenizer_file.ts";

/** A Showtell tokenizer, and what had to be assumed to make it. */
export interface ImportedTokenizer {
  /** It has the file's indices. */
  tokenizer: Tokenizer;
  /** Each choice that the file leaves open, in a sentence. */
  notes: string[];
}

/** Words that Keras notebooks put around captions, the least ambiguous first. */
const MARKER_PAIRS = [
  ["startseq", "endseq"],
  ["<start>", "<end>"],
  ["<startseq>", "<endseq>"],
  ["<sos>", "<eos>"],
  ["<s>", "</s>"],
  ["seqstart", "seqend"],
  ["bos", "eos"],
  ["sos", "eos"],
  ["start", "end"],
] as const;

/**
 * Converts a file's tokenizer to Showtell's, with the same indices. Markers are found among its
 * words; unknown words are dropped unless the file has an `oov_token`. The file does not say how
 * captions were cleaned before Keras saw them.
 *
 * @param cleaning the rule that made the captions @default {the closest to the file's filters}
 * @throws {RangeError} if its words include no pair of markers, or indices are not 1, 2, 3, …
 */
export function importTokenizer(
  { path, keras, own }: TokenizerFile,
  cleaning?: TextSettings["cleaning"],
): ImportedTokenizer {
  if (own !== undefined) return { tokenizer: own, notes: [] };
  const notes: string[] = [];
  const [start, end] = findMarkers(keras, path);
  const rule = cleaning ?? nearestCleaning(keras, notes);
  // Without filters "<padding>" could be a caption's word; in lower-cased captions "<PADDING>" cannot.
  const unlike = (marker: string) =>
    cleaner(rule)(marker).includes(marker) ? marker.toUpperCase() : marker;
  const settings: TextSettings = textSettings.parse({
    cleaning: rule,
    unknownWords: "drop",
    markers: {
      start,
      end,
      unknown: unlike("<unknown>"),
      padding: unlike("<padding>"),
      asWords: true,
    },
  });
  if (cleaning !== undefined) {
    notes.push(`Captions are cleaned by ${[cleaning].flat().join(", ")}, as asked`);
  }
  try {
    const named = withoutPlainUnknown(keras, settings);
    return { tokenizer: tokenizerFromKeras(named.toJson(), settings), notes };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new RangeError(`${path}: ${error.message}`);
  }
}

/**
 * The words that begin and end a caption.
 *
 * @throws {RangeError} if its words include no known pair
 */
export function findMarkers(
  { wordIndex, numWords }: KerasTokenizer,
  path: string,
): readonly [start: string, end: string] {
  const knows = (word: string) => (wordIndex.get(word) ?? Infinity) < (numWords || Infinity);
  const pair = MARKER_PAIRS.find((pair) => pair.every(knows));
  if (pair !== undefined) return pair;
  throw new RangeError(
    `${path}: none of the pairs of words that begin and end captions is among its ` +
      `${wordIndex.size} words: ${MARKER_PAIRS.map((words) => words.join(" ")).join(", ")}`,
  );
}

/**
 * Keras' unknown word may also occur in captions ("unk"), Showtell's may not: it is renamed and
 * keeps its index.
 */
function withoutPlainUnknown(keras: KerasTokenizer, settings: TextSettings): KerasTokenizer {
  const { oovToken } = keras;
  if (oovToken === null || !cleaner(settings.cleaning)(oovToken).includes(oovToken)) return keras;
  const named = new KerasTokenizer({ ...keras, oovToken: settings.markers.unknown });
  named.documentCount = keras.documentCount;
  const rename = (word: string) => word === oovToken ? settings.markers.unknown : word;
  for (const map of ["wordCounts", "wordDocs"] as const) {
    for (const [word, count] of keras[map]) named[map].set(rename(word), count);
  }
  named.wordIndex = new Map(Array.from(keras.wordIndex, ([word, i]) => [rename(word), i]));
  return named;
}

/** Keras' own steps as cleaning steps; Keras' default filters where the file has others. */
function nearestCleaning(
  { filters, lower, split }: KerasTokenizer,
  notes: string[],
): CleaningStepName[] {
  const steps: CleaningStepName[] = [];
  if (lower) steps.push("lowercase");
  if (filters !== "") steps.push("kerasFilters");
  const exact = (filters === "" || filters === new KerasTokenizer().filters) && split === " ";
  notes.push(
    "The tokenizer does not say how captions were cleaned before Keras saw them: they are " +
      `cleaned by ${steps.join(", ") || "no step"}` +
      (exact ? "" : `, though its filters are ${JSON.stringify(filters)} and its separator ` +
        `${JSON.stringify(split)}`) +
      `; to use another rule, set --text.cleaning= (${Object.keys(cleaningPresets).join(", ")})`,
  );
  return steps;
}
