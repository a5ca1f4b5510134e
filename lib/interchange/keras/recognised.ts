import type { ModelSettings } from "../../models/mod.ts";
import type { KerasLayer } from "./graph.ts";

/** A decoder found in a model's graph. */
export interface Recognised {
  /** Its settings. */
  settings: ModelSettings;
  /** The layers with its weights, and the weights' names in the order of Keras' arrays. */
  arrays: { layer: KerasLayer; names: string[] }[];
  /** Number of word indices, including padding. */
  vocabularySize: number;
  /** Width of an image's feature. */
  width: number;
  /** Positions of the words input; null if there can be any number. */
  longest: number | null;
  /** The image's input. */
  image: KerasLayer;
  /** Whether the rows of `dense/kernel` begin with the image; in Showtell they end with it. */
  imageFirst?: boolean;
  /** Each assumption, and each thing that is not imported, in a sentence. */
  notes: string[];
}

/** The layers of a decoder from where image and words meet. */
export interface Head {
  /** The layer where image and words meet. */
  meeting: KerasLayer;
  /** The dense layer before the last. */
  dense: { layer: KerasLayer; units: number; l2: number };
  /** The last layer. */
  output: { layer: KerasLayer; units: number; l2: number };
  /** Each thing that is not imported, in a sentence. */
  notes: string[];
}

/** Names of an LSTM's weights, in Keras' order. */
export function lstmNames(name: string): string[] {
  return ["kernel", "recurrent_kernel", "bias"].map((array) => `${name}/${array}`);
}

/** Names of a dense layer's weights, in Keras' order. */
export function denseNames(name: string): string[] {
  return ["kernel", "bias"].map((array) => `${name}/${array}`);
}

/** A note on a dropout that the settings cannot express; none if there is no dropout. */
export function lostDropout(where: string, rate: number): string[] {
  if (rate === 0) return [];
  return [
    `The dropout of ${rate} ${where} is not imported: it only matters for further training`,
  ];
}

/** A note on a penalty that the settings cannot express; none if there is no penalty. */
export function lostPenalty(where: string, l2: number): string[] {
  if (l2 === 0) return [];
  return [
    `The L2 penalty of ${l2} on ${where} is not imported: it only matters for further training`,
  ];
}
