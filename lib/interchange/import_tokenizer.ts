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

/** A tokenizer of ours, and what had to be assumed to make it. */
export interface ImportedTokenizer {
  /** With the file's indices. */
  tokenizer: Tokenizer;
  /** What the file does not tell and was chosen, a sentence each. */
  notes: string[];
}

/** The words that Keras notebooks frame captions by, the surest first. */
const markerPairs = [
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
 * The tokenizer of a file as ours, with the same indices. Markers are found among its words;
 * unknown words are left out unless the file has an `oov_token`. How captions were cleaned before
 * Keras saw them is not in the file.
 *
 * @param cleaning the rule that made the captions; by default the nearest to what the file tells
 * @throws {RangeError} if no pair of markers is among the words, or indices are not 1, 2, 3, …
 */
export function importTokenizer(
  { path, keras, own }: TokenizerFile,
  cleaning?: TextSettings["cleaning"],
): ImportedTokenizer {
  if (own !== undefined) return { tokenizer: own, notes: [] };
  const notes: string[] = [];
  const [start, end] = findMarkers(keras, path);
  const rule = cleaning ?? nearestCleaning(keras, notes);
  // Without filters "<padding>" could be a caption's word; in lower-cased captions this is none.
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
 * @throws {RangeError} if no pair that is known is among the words
 */
export function findMarkers(
  { wordIndex, numWords }: KerasTokenizer,
  path: string,
): readonly [start: string, end: string] {
  const knows = (word: string) => (wordIndex.get(word) ?? Infinity) < (numWords || Infinity);
  const pair = markerPairs.find((pair) => pair.every(knows));
  if (pair !== undefined) return pair;
  throw new RangeError(
    `${path}: none of the pairs of words that begin and end captions is among its ` +
      `${wordIndex.size} words: ${markerPairs.map((words) => words.join(" ")).join(", ")}`,
  );
}

/**
 * Keras' unknown word may be one that captions have too ("unk"), ours may not: it gets our name,
 * and the same index.
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

/** What Keras' own steps are among ours; Keras' filters where the file has others. */
function nearestCleaning(
  { filters, lower, split }: KerasTokenizer,
  notes: string[],
): CleaningStepName[] {
  const steps: CleaningStepName[] = [];
  if (lower) steps.push("lowercase");
  if (filters !== "") steps.push("kerasFilters");
  const exact = (filters === "" || filters === new KerasTokenizer().filters) && split === " ";
  notes.push(
    "The tokenizer does not tell how captions were cleaned before Keras saw them: they are " +
      `cleaned by ${steps.join(", ") || "no step"}` +
      (exact ? "" : `, though its filters are ${JSON.stringify(filters)} and its separator ` +
        `${JSON.stringify(split)}`) +
      `; --text.cleaning= takes another rule (${Object.keys(cleaningPresets).join(", ")})`,
  );
  return steps;
}
