import type { ModelSettings } from "../../models/mod.ts";
import type { Weights } from "../../nn/mod.ts";

/** A decoder that Keras trained. */
export interface ImportedModel {
  /** The `model` part of a config. */
  settings: ModelSettings;
  /** Its weights, with the decoder's names and order. */
  weights: Weights;
  /** Number of word indices, including padding. */
  vocabularySize: number;
  /** Words that a prefix was padded to; null if the file does not say. */
  longest: number | null;
  /** Shape of an image's feature. */
  featureShape: number[];
  /** The program that wrote the file, e.g. `Keras 2.15.0`. */
  writer: string;
  /** Settings that the file does not tell, such as `padding.side`: the user may set them. */
  untold: string[];
  /** Each assumption, and each thing that is not imported, in a sentence. */
  notes: string[];
}
