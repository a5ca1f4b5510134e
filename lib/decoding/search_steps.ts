import * as tf from "@tensorflow/tfjs";
import { allowedWords, DecoderRows, type DecoderSteps, type Markers } from "../models/mod.ts";
import type { WeightTensors } from "../nn/mod.ts";
import { extendBeam } from "./extend_beam.ts";
import { type Continuation, type DecodedCaption, finish, type Search } from "./hypotheses.ts";
import { type NextWords, nextWords, type Numbers } from "./next_words.ts";
import { type Drawing, extendSample, type KnownChances } from "./sampling.ts";
import type { SearchListener } from "./search_listener.ts";
import { beginSearches } from "./searches.ts";
import { type DecodingSettings, DIVERSITY_PENALTY } from "./settings.ts";
import { WordRules } from "./word_rules.ts";

/** A beam search, as {@linkcode beamSearch} and {@linkcode beamSearchAsync} take it. */
export type SearchSettings = Omit<DecodingSettings, "forbidMarkers" | "batchSize">;

/** The settings of one search, which may draw in ways that no config asks for. */
type OneSearch = Omit<SearchSettings, "sampling"> & { sampling?: Drawing };

/** Yields tensors; its caller reads them, synchronously or not, and passes their numbers back. */
export type SearchSteps = Generator<tf.Tensor[], DecodedCaption[][], Numbers[]>;

/**
 * One search for many photos: a beam, groups of beams, or captions that are drawn.
 *
 * @param features [photos, ...featureShape]
 * @throws {RangeError} if beam or maxLength is below 1
 */
export function* searchSteps(
  decoder: DecoderSteps,
  weights: WeightTensors,
  features: tf.Tensor,
  markers: Markers,
  settings: OneSearch,
  { onWord, isUnwanted, keyOf }: Omit<SearchListener, "signal"> = {},
): SearchSteps {
  const { beam, maxLength, lengthNormalisation: power, sampling } = settings;
  if (!(beam >= 1)) throw new RangeError(`Beam is ${beam}; it must be at least 1`);
  if (!(maxLength >= 1)) throw new RangeError(`Longest caption is ${maxLength}; at least 1 word`);
  const photos = features.shape[0];
  const rules = new WordRules(markers, settings);
  const all = beginSearches(photos, settings, keyOf);
  const extend = extender(settings, rules);
  let searches = all;
  let firsts = all.map(({ photo }) => photo); // row of each search's first caption
  let words = new Array<number>(photos).fill(markers.start);
  const { vocabularySize } = decoder;
  const allowed = allowedWords(markers, vocabularySize);
  const decoding = new DecoderRows(decoder, weights, features);
  try {
    for (let length = 0; searches.length > 0; length++) {
      const wanted = sampling === undefined ? wordsWanted(searches, settings, rules) : "all";
      const found = yield* nextWords(decoding, words, allowed, wanted);
      const rows: number[] = [];
      words = [];
      const going: Search[] = [];
      const goingFirsts: number[] = [];
      const taken = new Map<number, number>(); // searches that have said the same share a row
      for (const [i, search] of searches.entries()) {
        const { photo, alive, finished } = search;
        const parents = extend(search, firsts[i], found);
        if (beam === 1 && parents.length === 1) {
          const [{ word, hypothesis }] = parents;
          onWord?.(photo, word, hypothesis.probabilities.at(-1)!);
        }
        const cutOff = length + 1 >= maxLength || isUnwanted?.(photo)
          ? parents.splice(0).map(({ hypothesis }) => hypothesis)
          : parents.length + finished.length === 0 // no word may follow
          ? alive
          : [];
        for (const hypothesis of cutOff) {
          finished.push(finish(hypothesis, hypothesis.logProbability, power));
        }
        if (parents.length === 0) continue;
        search.alive = parents.map(({ hypothesis }) => hypothesis);
        going.push(search);
        const [{ row, word }] = parents;
        const said = row * vocabularySize + word;
        const shared = parents.length === 1 ? taken.get(said) : undefined;
        goingFirsts.push(shared ?? rows.length);
        if (shared !== undefined) continue;
        if (parents.length === 1) taken.set(said, rows.length);
        for (const { row, word } of parents) {
          rows.push(row);
          words.push(word);
        }
      }
      searches = going;
      firsts = goingFirsts;
      if (searches.length > 0) decoding.select(rows);
    }
  } finally {
    decoding.dispose();
    allowed.dispose();
  }
  return captionsOf(all, photos, sampling === undefined);
}

/** What takes a search one word further: its continuations, while what ends is finished. */
function extender(
  {
    sampling,
    maxLength,
    lengthNormalisation: power,
    diverseGroups = 1,
    diversityPenalty = DIVERSITY_PENALTY,
  }: OneSearch,
  rules: WordRules,
): (search: Search, row: number, next: NextWords) => Continuation[] {
  if (sampling !== undefined) {
    const options = { rules, sampling, power };
    const known = ofPosition((): KnownChances => new Map());
    return (search, row, next) => extendSample(search, row, next, known(search), options);
  }
  if (diverseGroups === 1) {
    const options = { rules, maxLength, power, penalty: () => 0 };
    return (search, row, next) => extendBeam(search, row, next, options);
  }
  const saidAt = ofPosition(() => new Map<number, number>()); // by earlier groups of the photo
  return (search, row, next) => {
    const said = saidAt(search);
    const penalty = (word: number) => diversityPenalty * (said.get(word) ?? 0);
    const going = extendBeam(search, row, next, { rules, maxLength, power, penalty });
    for (const { word } of going) said.set(word, (said.get(word) ?? 0) + 1);
    return going;
  };
}

/** What the searches of a photo share at a position, which are extended one after the other. */
function ofPosition<Value>(begin: () => Value): (search: Search) => Value {
  let last: { photo: number; length: number; value: Value } | undefined;
  return ({ photo, alive: [{ words: { length } }] }) => {
    if (photo !== last?.photo || length !== last.length) last = { photo, length, value: begin() };
    return last.value;
  };
}

/** How many of a row's most probable words may be needed. */
function wordsWanted(
  searches: readonly Search[],
  { beam, diverseGroups = 1 }: Pick<SearchSettings, "beam" | "diverseGroups">,
  rules: WordRules,
): number {
  const skipped = searches.reduce((most, { alive }) => Math.max(most, rules.skipped(alive)), 0);
  const ends = beam > 1 ? rules.ends : 0; // in the place of words that go on
  const avoided = diverseGroups > 1 ? beam : 0;
  const width = searches.reduce((most, { width }) => Math.max(most, width), 0);
  return width + ends + avoided + skipped;
}

/** The captions of each photo, of all its searches. */
function captionsOf(
  searches: readonly Search[],
  photos: number,
  areRanked: boolean,
): DecodedCaption[][] {
  const captions = Array.from({ length: photos }, (): DecodedCaption[] => []);
  for (const { photo, width, finished } of searches) {
    captions[photo].push(...finished.sort((a, b) => b.score - a.score).slice(0, width));
  }
  if (areRanked) { for (const found of captions) found.sort((a, b) => b.score - a.score); }
  return captions;
}
