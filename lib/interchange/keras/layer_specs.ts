/** A layer of a model that is to be written. */
export interface LayerSpec {
  /** Its name. */
  name: string;
  /** Keras' class. */
  className: string;
  /** What differs from Keras' defaults, or has none. */
  config: Record<string, unknown>;
  /** Names of the layers that it takes. */
  inputs: string[];
  /** Shape of its output, the batch first. */
  shape: (number | null)[];
  /** Names of its weights, in the order of Keras' arrays. */
  weights: string[];
}

/** A model that is to be written, in whatever format. */
export interface ModelSpec {
  /** Its name. */
  name: string;
  /** Every layer, in Keras' order. */
  layers: LayerSpec[];
  /** Names of its inputs, in the order in which it takes them. */
  inputs: string[];
  /** Name of the layer that is its output. */
  output: string;
}
