/** A layer to be written. */
export interface LayerSpec {
  /** Its name. */
  name: string;
  /** Keras' class. */
  className: string;
  /** Arguments that have no default in Keras, or differ from it. */
  config: Record<string, unknown>;
  /** Names of its input layers. */
  inputs: string[];
  /** Names of the layers that give its initial states. @default {[]} */
  states?: string[];
  /** Name of the operation of Keras 3 that gives its mask. */
  mask?: string;
  /** Shape of its output, the batch first. */
  shape: (number | null)[];
  /** Names of its weights, in the order of Keras' arrays. */
  weights: string[];
}

/** A model to be written, in any format. */
export interface ModelSpec {
  /** Its name. */
  name: string;
  /** Every layer, in Keras' order. */
  layers: LayerSpec[];
  /** Names of its inputs, in order. */
  inputs: string[];
  /** Name of its output layer. */
  output: string;
}
