/**
 * What a model that knows only how often each word occurs loses on other captions: what a caption
 * decoder's validation loss has to stay below to have learned more than that.
 *
 * Every word's probability is (its occurrences in `train` + 1) / (all occurrences + vocabulary),
 * add-one smoothing. Counted is what training predicts: all words and the end marker, not the
 * start.
 *
 * @param train word indices of each caption, from the start marker to the end marker
 * @param dev captions to be predicted, likewise
 * @param vocabularySize indices there are, padding and markers included
 * @returns cross-entropy in nats a word; undefined if there is nothing to predict
 */
export function unigramLoss(
  train: readonly ArrayLike<number>[],
  dev: readonly ArrayLike<number>[],
  vocabularySize: number,
): number | undefined {
  const [seen, asked] = [train, dev].map((captions) => occurrences(captions, vocabularySize));
  if (asked.words === 0) return undefined;
  let sum = 0;
  for (const [word, count] of asked.counts.entries()) {
    if (count > 0) sum -= count * Math.log((seen.counts[word] + 1) / (seen.words + vocabularySize));
  }
  return sum / asked.words;
}

function occurrences(captions: readonly ArrayLike<number>[], vocabularySize: number) {
  const counts = new Float64Array(vocabularySize);
  let words = 0;
  for (const caption of captions) {
    for (let i = 1; i < caption.length; i++) counts[caption[i]]++;
    words += Math.max(0, caption.length - 1);
  }
  return { counts, words };
}
