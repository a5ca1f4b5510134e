import type { ModelSettings } from "../../models/mod.ts";
import type { KerasLayer } from "./graph.ts";

/** A decoder found in a model's graph. */
export interface Recognised {
  /** What it is. */
  settings: ModelSettings;
  /** The layers whose arrays are its weights, with the weights' names in the order of the arrays. */
  arrays: { layer: KerasLayer; names: string[] }[];
  /** Indices of words, padding included. */
  vocabularySize: number;
  /** Width of an image's feature. */
  width: number;
  /** Places of the words input; null if any number goes. */
  longest: number | null;
  /** The image's input. */
  image: KerasLayer;
  /** Whether the rows of `dense/kernel` have the image first, the other way round than here. */
  imageFirst?: boolean;
  /** What was assumed, or is not taken over, a sentence each. */
  notes: string[];
}

/** What is above a decoder's meeting of image and words. */
export interface Head {
  /** The layer where they meet. */
  meeting: KerasLayer;
  /** The dense layer before the last. */
  dense: { layer: KerasLayer; units: number; l2: number };
  /** The last one. */
  output: { layer: KerasLayer; units: number; l2: number };
  /** What is not taken over. */
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

/** A note on a dropout that no setting here stands for; none if there is no such dropout. */
export function lostDropout(where: string, rate: number): string[] {
  if (rate === 0) return [];
  return [
    `The dropout of ${rate} ${where} is not taken over: it matters to further training alone`,
  ];
}

/** A note on a penalty that no setting here stands for; none if there is no such penalty. */
export function lostPenalty(where: string, l2: number): string[] {
  if (l2 === 0) return [];
  return [
    `The L2 penalty of ${l2} on ${where} is not taken over: it matters to further training alone`,
  ];
}
