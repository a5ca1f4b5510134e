import { cleaner, type Cleaning } from "./cleaning.ts";

/** Result of {@linkcode describeCaptions}. */
export interface CaptionStatistics {
  /** Number of captions. */
  captions: number;
  /** Words of all captions. */
  words: number;
  /** Distinct words. */
  vocabulary: number;
  /** Words that occur once. */
  once: number;
  /** Words of the shortest caption; 0 without captions. */
  shortest: number;
  /** Words of the longest. */
  longest: number;
  /** Words of a caption on average. */
  mean: number;
  /** Captions by number of words: entry n counts those of n words. */
  lengths: number[];
  /** How often each word occurs, the most frequent first, ties by first appearance. */
  frequencies: [word: string, count: number][];
}

/** Lengths and word frequencies of raw captions, cleaned, without markers. */
export function describeCaptions(
  captions: Iterable<string>,
  cleaning: Cleaning = "default",
): CaptionStatistics {
  const clean = cleaner(cleaning);
  const counts = new Map<string, number>();
  const lengths: number[] = [];
  let number = 0, words = 0;
  for (const caption of captions) {
    const list = clean(caption);
    for (const word of list) counts.set(word, (counts.get(word) ?? 0) + 1);
    while (lengths.length <= list.length) lengths.push(0);
    lengths[list.length]++;
    words += list.length;
    number++;
  }
  return {
    captions: number,
    words,
    vocabulary: counts.size,
    once: counts.values().reduce((n, count) => n + (count === 1 ? 1 : 0), 0),
    shortest: Math.max(0, lengths.findIndex((n) => n > 0)),
    longest: Math.max(0, lengths.length - 1),
    mean: number === 0 ? 0 : words / number,
    lengths,
    frequencies: [...counts].sort((a, b) => b[1] - a[1]),
  };
}
