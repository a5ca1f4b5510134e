/** Where a training stands, between two steps. */
export interface Position {
  /** Epochs finished: the number of the one under way, counted from 0. */
  epoch: number;
  /** Steps done of the epoch under way. */
  step: number;
  /** Over these steps: the losses of all words, in nats, and the words. */
  sums: { loss: number; words: number };
}

/** Where an epoch begins. @param epoch counted from 0 */
export function startOfEpoch(epoch: number): Position {
  return { epoch, step: 0, sums: { loss: 0, words: 0 } };
}
