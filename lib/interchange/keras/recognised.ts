import type { ModelSettings } from "../../models/mod.ts";
import type { Fold } from "./folds.ts";
import type { KerasLayer } from "./graph.ts";
import type { Dense } from "./layers.ts";

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
  /** Changes to the weights as the file has them. */
  folds?: Fold[];
  /** A kernel that the file has for one of two equal halves of its rows. */
  doubled?: string;
  /** Each assumption, and each thing that is not imported, in a sentence. */
  notes: string[];
}

/** The layers of a decoder from where image and words meet, or from the last recurrent layer. */
export interface Head {
  /** The layer where image and words meet, or the last recurrent layer. */
  meeting: KerasLayer;
  /** Rate of the dropout on its output. */
  rate: number;
  /** The dense layer before the last; undefined if there is none. */
  dense?: Dense;
  /** The last layer. */
  output: Dense;
  /** Normalisations of what the dense layer reads, from the top down. */
  denseNorms: KerasLayer[];
  /** Normalisations of what the last layer reads, from the top down. */
  outputNorms: KerasLayer[];
  /** Each thing that is not imported, in a sentence. */
  notes: string[];
}

/** Names of a recurrent layer's weights, in Keras' order. */
export function recurrentNames(name: string): string[] {
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
