import { cleaner } from "./cleaning.ts";
import type { TextSettings } from "./settings.ts";
import { checkMarkers, Tokenizer, type VocabularyWord } from "./tokenizer.ts";

/**
 * The tokenizer whose vocabulary is these raw captions' words: those that
 * occur `minCount` times, by frequency, ties by first appearance.
 *
 * @throws {RangeError} if there are no captions, or a caption's word is a marker
 */
export function fitTokenizer(captions: Iterable<string>, settings: TextSettings): Tokenizer {
  const { markers, minCount, unknownWords } = settings;
  checkMarkers(settings);
  const clean = cleaner(settings.cleaning);
  const counted = new Map<string, VocabularyWord>();
  const lastSeen = new Map<string, number>();
  const lists: string[][] = [];
  const count = (word: string) => {
    const entry = counted.get(word);
    const seen = lastSeen.get(word) === lists.length ? 0 : 1;
    if (entry === undefined) counted.set(word, { word, count: 1, captions: 1 });
    else entry.count++, entry.captions += seen;
    lastSeen.set(word, lists.length);
  };
  for (const caption of captions) {
    const words = clean(caption);
    if (markers.asWords) count(markers.start);
    for (const word of words) count(word);
    if (markers.asWords) count(markers.end);
    lists.push(words);
  }
  if (lists.length === 0) throw new RangeError("No captions to fit a tokenizer on");

  const own = [
    ...unknownWords === "mark" ? [markers.unknown] : [],
    ...markers.asWords ? [] : [markers.start, markers.end],
  ];
  for (const word of [...own, markers.padding]) {
    if (counted.has(word)) throw new RangeError(`The marker "${word}" is a word of a caption`);
  }
  const isMarker = (word: string) => word === markers.start || word === markers.end;
  const kept = [...counted.values()]
    .filter(({ word, count }) => count >= minCount || isMarker(word))
    .sort((a, b) => b.count - a.count);
  const keptWords = new Set(kept.map(({ word }) => word));

  let longest = 0, pairs = 0, unknown = 0, holdUnknown = 0, occurrences = 0;
  for (const words of lists) {
    const out = words.reduce((n, word) => n + (keptWords.has(word) ? 0 : 1), 0);
    const length = words.length + 2 - (unknownWords === "drop" ? out : 0);
    longest = Math.max(longest, length);
    pairs += length - 1;
    occurrences += out;
    unknown += out;
    if (out > 0) holdUnknown++;
  }
  const markerEntry = (word: string): VocabularyWord =>
    word === markers.unknown
      ? { word, count: unknown, captions: holdUnknown }
      : { word, count: lists.length, captions: lists.length };
  return new Tokenizer({
    settings,
    words: [...own.map(markerEntry), ...kept],
    captions: lists.length,
    rare: { words: counted.size - kept.length, occurrences },
    longest,
    pairs,
  });
}
