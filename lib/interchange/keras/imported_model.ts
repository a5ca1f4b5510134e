import type { ModelSettings } from "../../models/mod.ts";
import type { Weights } from "../../nn/mod.ts";

/** A decoder that Keras trained. */
export interface ImportedModel {
  /** The `model` part of a config. */
  settings: ModelSettings;
  /** Its weights, named and ordered as the decoder's. */
  weights: Weights;
  /** Indices of words, padding included. */
  vocabularySize: number;
  /** Words that a prefix was padded to; null if the file does not tell. */
  longest: number | null;
  /** Shape of an image's feature. */
  featureShape: number[];
  /** What wrote the file, e.g. `Keras 2.15.0`. */
  writer: string;
  /** Each thing that was assumed or is not taken over, in a sentence. */
  notes: string[];
}
