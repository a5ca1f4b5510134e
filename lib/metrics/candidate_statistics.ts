import { type Tokenization, tokenizers } from "./tokenize.ts";

/** What captions are like, whatever people wrote. */
export interface CandidateStatistics {
  /** Words of a caption on average. */
  meanLength: number;
  /** Distinct words of all captions. */
  words: number;
  /** Distinct captions, as a share of all. */
  distinct: number;
  /** Captions that stand word for word in train, as a share of all; absent without train captions. */
  inTrain?: number;
  /** The caption given most often, and the number of photos that have it. */
  mostFrequent: { caption: string; photos: number };
}

/** Options of {@linkcode describeCandidates}. */
export interface CandidateOptions {
  /** How captions are split into words, by which they are compared. @default {"words"} */
  tokenize?: Tokenization;
  /** The captions that were learned from. */
  train?: Iterable<string>;
}

/**
 * Statistics of captions, one for each photo.
 *
 * @param captions at least one
 */
export function describeCandidates(
  captions: readonly string[],
  { tokenize = "words", train }: CandidateOptions = {},
): CandidateStatistics {
  const split = tokenizers[tokenize];
  const lists = captions.map(split);
  const texts = lists.map((words) => words.join(" "));
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  const [caption, photos] = [...counts].reduce((a, b) => b[1] > a[1] ? b : a);
  const described: CandidateStatistics = {
    meanLength: lists.reduce((sum, words) => sum + words.length, 0) / captions.length,
    words: new Set(lists.flat()).size,
    distinct: counts.size / captions.length,
    mostFrequent: { caption, photos },
  };
  if (train === undefined) return described;
  let found = 0;
  const left = new Map(counts);
  for (const one of train) {
    const text = split(one).join(" ");
    found += left.get(text) ?? 0;
    left.delete(text);
  }
  return { ...described, inTrain: found / captions.length };
}
