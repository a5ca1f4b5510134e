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
import { type AskedMarkers, findMarkers } from "./find_markers.ts";
import { cleaningOfWords } from "./words_cleaning.ts";
import type { TokenizerFile } from "./tokenizer_file.ts";
import { isPaddingName } from "./word_dictionary.ts";

/** A Showtell tokenizer, and what had to be assumed to make it. */
export interface ImportedTokenizer {
  /** It has the file's indices. */
  tokenizer: Tokenizer;
  /** Each choice that the file leaves open, in a sentence. */
  notes: string[];
}

/** What is known of a tokenizer besides its file. */
export interface TokenizerOptions {
  /** The rule that made the captions. @default {the closest to the file's filters} */
  cleaning?: TextSettings["cleaning"];
  /** The words that begin and end captions. @default {found among the words} */
  markers?: AskedMarkers;
}

/** Of a dictionary at most two indices, or this share of them, may have no word. */
const MOST_GAPS = 0.1;

/**
 * Converts a file's tokenizer to Showtell's, with the same indices. Markers are found among its
 * words; unknown words are dropped unless the file has an `oov_token`. The file does not say how
 * captions were cleaned before Keras saw them.
 *
 * @throws {RangeError} if its words include no pair of markers, index 0 is a word's, or indices have
 * no words
 */
export function importTokenizer(
  { path, keras: found, own, format }: TokenizerFile,
  { cleaning, markers: asked }: TokenizerOptions = {},
): ImportedTokenizer {
  if (own !== undefined) {
    if (cleaning === undefined && asked?.start === undefined && asked?.end === undefined) {
      return { tokenizer: own, notes: [] };
    }
    throw new RangeError(
      `${path} tells the cleaning and the markers itself: leave out --text.cleaning= and ` +
        "--text.markers.…=",
    );
  }
  const notes: string[] = [];
  const { keras: padded, padding } = withoutPadding(found, path);
  const { start, end, note } = findMarkers(padded, path, asked);
  if (note !== undefined) notes.push(note);
  const rule = cleaning ?? nearestCleaning(padded, [start, end], format, notes);
  // Without filters "<padding>" could be a caption's word; in lower-cased captions "<PADDING>" cannot.
  const unlike = (marker: string) =>
    cleaner(rule)(marker).includes(marker) ? marker.toUpperCase() : marker;
  const { keras, gaps } = withoutGaps(padded, unlike, path);
  if (gaps.length > 0) {
    notes.push(
      `${gaps.length === 1 ? "Index" : "Indices"} ${gaps.slice(0, 5).join(", ")}${
        gaps.length > 5 ? ", …" : ""
      } of ${path} ${gaps.length === 1 ? "has" : "have"} no word: named ${
        unlike(gapName(gaps[0]))
      }` +
        (gaps.length > 1 ? " and so on" : ""),
    );
  }
  const settings: TextSettings = textSettings.parse({
    cleaning: rule,
    unknownWords: "drop",
    markers: {
      start,
      end,
      unknown: unlike("<unknown>"),
      padding: paddingName(padding, keras, unlike),
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

/** The same without what stands at index 0, as in `word_index["<pad>"] = 0`. */
function withoutPadding(
  keras: KerasTokenizer,
  path: string,
): { keras: KerasTokenizer; padding?: string } {
  const padding = [...keras.wordIndex].find(([, index]) => index === 0)?.[0];
  if (padding === undefined) return { keras };
  if (!isPaddingName(padding)) {
    throw new RangeError(
      `${path}: index 0 is "${padding}", a word, though it is what fills up a batch: such a model ` +
        "cannot be imported; train it here, or with words from index 1 on",
    );
  }
  const index = [...keras.wordIndex].filter(([word]) => word !== padding);
  return { keras: withIndex(keras, new Map(index)), padding };
}

/** The file's own name of the padding, if it is one word that no caption can hold. */
function paddingName(
  name: string | undefined,
  { wordIndex, oovToken }: KerasTokenizer,
  unlike: (marker: string) => string,
): string {
  const isFree = (name: string) => /^\S+$/.test(name) && !wordIndex.has(name) && name !== oovToken;
  const own = name === undefined ? undefined : unlike(name);
  return own !== undefined && own === name && isFree(own) ? own : unlike("<padding>");
}

const gapName = (index: number) => `<index-${index}>`;

/** The same with a name for each index that has none: dictionaries are edited by hand. */
function withoutGaps(
  keras: KerasTokenizer,
  unlike: (marker: string) => string,
  path: string,
): { keras: KerasTokenizer; gaps: number[] } {
  const used = new Set(keras.wordIndex.values());
  const last = [...used].reduce((a, b) => Math.max(a, b), 0);
  const count = last - used.size;
  if (count > Math.max(2, MOST_GAPS * last)) {
    throw new RangeError(
      `${path}: of the indices 1 to ${last} ${count} have no word: it is not a whole dictionary`,
    );
  }
  const gaps: number[] = [];
  for (let index = 1; index <= last; index++) if (!used.has(index)) gaps.push(index);
  if (gaps.length === 0) return { keras, gaps };
  const all = [...keras.wordIndex, ...gaps.map((i) => [unlike(gapName(i)), i] as const)];
  return { keras: withIndex(keras, new Map(all.sort((a, b) => a[1] - b[1]))), gaps };
}

function withIndex(keras: KerasTokenizer, wordIndex: Map<string, number>): KerasTokenizer {
  const changed = new KerasTokenizer({ ...keras });
  changed.documentCount = keras.documentCount;
  for (const map of ["wordCounts", "wordDocs"] as const) {
    for (const [word, count] of keras[map]) changed[map].set(word, count);
  }
  changed.wordIndex = wordIndex;
  return changed;
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

const OTHERS = `to use another rule, set --text.cleaning= (${
  Object.keys(cleaningPresets).join(", ")
})`;

/**
 * Keras' own steps as cleaning steps, Keras' default filters where the file has others; what the
 * words show where it splits at spaces alone.
 */
function nearestCleaning(
  keras: KerasTokenizer,
  markers: readonly string[],
  format: TokenizerFile["format"],
  notes: string[],
): TextSettings["cleaning"] {
  const { filters, lower, split, wordIndex, oovToken } = keras;
  if (filters === "" && !lower && split === " ") {
    const words = [...wordIndex.keys()].filter((word) =>
      !markers.includes(word) && word !== oovToken && !/^[<[{].*[>\]}]$/.test(word)
    );
    const steps = cleaningOfWords(words);
    notes.push(
      (format === "dictionary" || format === "vocabulary"
        ? "A dictionary does not say how captions were cleaned"
        : "The tokenizer splits captions at spaces alone: they had been cleaned before") +
        `; as its words show, they are cleaned by ${
          [steps].flat().join(", ") || "no step"
        }; ${OTHERS}`,
    );
    return steps;
  }
  const steps: CleaningStepName[] = [];
  if (lower) steps.push("lowercase");
  if (filters !== "") steps.push("kerasFilters");
  const exact = (filters === "" || isLikeDefault(filters)) && split === " ";
  notes.push(
    "The tokenizer does not say how captions were cleaned before Keras saw them: they are " +
      `cleaned by ${steps.join(", ") || "no step"}` +
      (exact ? "" : `, though its filters are ${JSON.stringify(filters)} and its separator ` +
        `${JSON.stringify(split)}`) +
      `; ${OTHERS}`,
  );
  return steps;
}

/** Keras' default filters, but for signs that only markers have, and white space. */
function isLikeDefault(filters: string): boolean {
  const signs = (text: string) => [...new Set(text.replace(/[<>\s]/g, ""))].sort().join("");
  return signs(filters) === signs(new KerasTokenizer().filters);
}
