import type { Gradients } from "./gradients_of.ts";

/** What one of several processes that train together has to know. */
export interface Ranks {
  /** This process, from 0 to `ranks` − 1. */
  rank: number;
  /** How many there are. */
  ranks: number;
  /**
   * Adds up, field by field, what all ranks found in a step; uses up what it is given. The result
   * must be the same bits in every rank, or their weights drift apart.
   */
  reduce(gradients: Gradients): Gradients | Promise<Gradients>;
}
