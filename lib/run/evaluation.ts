import type { Captions } from "../captioner/mod.ts";

/** Scores of a run on one split of a data set: `evaluations/<data set>-<split>.json`. */
export interface Evaluation {
  /** The split that was captioned. */
  split: string;
  /** Photos captioned. */
  photos: number;
  /** What the scores depend on. */
  signature: string;
  /** Captions a second, decoding alone. */
  captionsPerSecond: number;
  /** By name: `bleu-1`, … */
  scores: Record<string, number>;
}

/** A captioned photo: a line of `evaluations/<data set>-<split>.captions.jsonl`. */
export interface EvaluatedPhoto extends Captions {
  /** Path of the photo in the data set. */
  photo: string;
  /** What people wrote. */
  references: string[];
}
