import { cleaner } from "./cleaning.ts";
import type { TextSettings } from "./settings.ts";
import { checkMarkers, Tokenizer, type VocabularyWord } from "./tokenizer.ts";

/**
 * The tokenizer whose vocabulary is these raw captions' words: those that
 * occur `minCount` times, by frequency, ties by first appearance.
 *
 * Captions are read once; of each, only the numbers of its words are kept.
 *
 * @throws {RangeError} without captions, or if a caption's word is a marker
 */
export function fitTokenizer(captions: Iterable<string>, settings: TextSettings): Tokenizer {
  const { markers, minCount, unknownWords } = settings;
  checkMarkers(settings);
  const clean = cleaner(settings.cleaning);
  const counted = new Map<string, CountedWord>();
  const read = new WordNumbers();
  const count = (word: string): number => {
    let entry = counted.get(word);
    if (entry === undefined) {
      entry = { word, count: 0, captions: 0, number: counted.size, lastSeen: -1 };
      counted.set(word, entry);
    }
    entry.count++;
    if (entry.lastSeen !== read.captions) entry.captions++;
    entry.lastSeen = read.captions;
    return entry.number;
  };
  for (const caption of captions) {
    if (markers.asWords) count(markers.start);
    for (const word of clean(caption)) read.add(count(word));
    if (markers.asWords) count(markers.end);
    read.endCaption();
  }
  if (read.captions === 0) throw new RangeError("No captions to fit a tokenizer on");

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
  const isKept = new Uint8Array(counted.size);
  for (const { number } of kept) isKept[number] = 1;

  let longest = 0, pairs = 0, unknown = 0, holdUnknown = 0;
  read.forEach((numbers) => {
    let out = 0;
    for (const number of numbers) out += 1 - isKept[number];
    const length = numbers.length + 2 - (unknownWords === "drop" ? out : 0);
    longest = Math.max(longest, length);
    pairs += length - 1;
    unknown += out;
    if (out > 0) holdUnknown++;
  });
  const markerEntry = (word: string): VocabularyWord =>
    word === markers.unknown
      ? { word, count: unknown, captions: holdUnknown }
      : { word, count: read.captions, captions: read.captions };
  return new Tokenizer({
    settings,
    words: [
      ...own.map(markerEntry),
      ...kept.map(({ word, count, captions }) => ({ word, count, captions })),
    ],
    captions: read.captions,
    rare: { words: counted.size - kept.length, occurrences: unknown },
    longest,
    pairs,
  });
}

interface CountedWord extends VocabularyWord {
  /** By first appearance, from 0 on. */
  number: number;
  /** The last caption that held it. */
  lastSeen: number;
}

/** Captions as numbers of words, one after the other: four bytes a word. */
class WordNumbers {
  #numbers = new Int32Array(1 << 12);
  #ends = new Int32Array(1 << 8);
  #used = 0;
  /** How many have ended. */
  captions = 0;

  /** A word of the caption that has not ended. */
  add(number: number): void {
    if (this.#used === this.#numbers.length) this.#numbers = twiceAsLong(this.#numbers);
    this.#numbers[this.#used++] = number;
  }

  endCaption(): void {
    if (this.captions === this.#ends.length) this.#ends = twiceAsLong(this.#ends);
    this.#ends[this.captions++] = this.#used;
  }

  forEach(visit: (numbers: Int32Array) => void): void {
    for (let i = 0; i < this.captions; i++) {
      visit(this.#numbers.subarray(i === 0 ? 0 : this.#ends[i - 1], this.#ends[i]));
    }
  }
}

function twiceAsLong(array: Int32Array): Int32Array<ArrayBuffer> {
  const longer = new Int32Array(2 * array.length);
  longer.set(array);
  return longer;
}
