/** A layer's arrays as a file lists them. */
export interface SourceLayer {
  /** Keras' name. */
  name: string;
  /** In Keras' order; a name is undefined where the format numbers its arrays only. */
  arrays: { name?: string; shape: number[] }[];
}

/** A network's weights, of which one array at a time comes into memory. */
export interface WeightSource {
  /** What to call it in messages. */
  readonly label: string;
  /** Names the values: equal weights of equal origin have equal digests. */
  readonly digest: string;
  /** Layers that have weights, in the network's order. */
  readonly layers: SourceLayer[];
  /** What the user should know about the source, a sentence each. */
  readonly notes?: readonly string[];
  /** A new array of the values of one of a layer's arrays. */
  read(layer: number, array: number): Float32Array | Promise<Float32Array>;
  /** Closes what was opened. */
  close(): void;
}

/** Keras' name of an array without the layer's name and what versions add to it. */
export function plainWeightName(name: string): string {
  const last = name.slice(name.lastIndexOf("/") + 1).replace(/:\d+$/, "");
  return last === "depthwise_kernel" ? "kernel" : last;
}
