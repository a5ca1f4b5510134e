import type { Listener } from "../progress/mod.ts";

/** How a search reports its words while it runs, and how it is ended, whole or in part. */
export interface SearchListener extends Pick<Listener, "signal"> {
  /**
   * Called with each word of a search of width 1 once it is chosen; a wider beam may drop any
   * word until its end, and reports none.
   *
   * @param photo its row of the features
   * @param word its index
   * @param probability given the words before it, among those that may be emitted
   */
  onWord?: (photo: number, word: number, probability: number) => void;
  /**
   * Asked for each photo after each word: where true, its captions end there, and the others go on
   * unchanged.
   */
  isUnwanted?: (photo: number) => boolean;
  /**
   * Tells a photo apart where words are drawn at random, whatever others are captioned with it.
   *
   * @default {its row of the features}
   */
  keyOf?: (photo: number) => string;
}
