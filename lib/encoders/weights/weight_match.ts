import type { LayerReading } from "./layer_readings.ts";

/** What a network's layer needs. */
export interface WantedLayer {
  name: string;
  /** In Keras' order. */
  arrays: { name: string; shape: number[] }[];
}

/** Where each array of each wanted layer is in the source: its layer, then its arrays' indices. */
export type WeightMatch = Map<string, { layer: number; arrays: number[] }>;

/** A reading of a source and what speaks against it. */
export interface Attempt extends LayerReading {
  match: WeightMatch;
  missing: string[];
  unknown: string[];
  differences: string[];
}
