import type { Captions } from "../captioner/mod.ts";
import type { CandidateStatistics, Interval } from "../metrics/mod.ts";

/** A run of an ensemble. */
export interface MemberOfEnsemble {
  /** Its name. */
  name: string;
  /** SHA-256 of its weights. */
  checkpoint: string;
}

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
  /** Where the scores may lie, by the bootstrap over photos; absent where none was asked for. */
  intervals?: Record<string, Interval>;
  /** What the captions are like; absent in what earlier versions wrote, as is all below. */
  statistics?: CandidateStatistics;
  /** Of what people wrote, a word of the vocabulary, the end marker counted. */
  perplexity?: number;
  /** The runs of an ensemble; absent for a single run. */
  runs?: MemberOfEnsemble[];
}

/** A captioned photo: a line of `evaluations/<data set>-<split>.captions.jsonl`. */
export interface EvaluatedPhoto extends Captions {
  /** Path of the photo in the data set. */
  photo: string;
  /** What people wrote. */
  references: string[];
  /** Of its caption alone, by the names of the corpus; absent in what earlier versions wrote. */
  scores?: Record<string, number>;
}
