/** One layer of a network, as a diagram and a table show it. */
export interface GraphLayer {
  /** Unique in the network. */
  name: string;
  /** What it is, such as `LSTM`. */
  kind: string;
  /** A setting of it, such as `rate 0.5`; may be empty. */
  detail: string;
  /** Shape of its output, without the batch. */
  shape: number[];
  /** How many numbers it learns. */
  parameters: number;
  /** Whether training leaves them as they are. */
  isFrozen: boolean;
  /** Names of the layers that it reads, all of which come before it. */
  inputs: string[];
}

/** What a layer is, in short: `Dropout, rate 0.5`. */
export function layerKind({ kind, detail }: Pick<GraphLayer, "kind" | "detail">): string {
  return detail === "" ? kind : `${kind}, ${detail}`;
}

/** A shape as `34 × 256`. */
export function layerShape({ shape }: Pick<GraphLayer, "shape">): string {
  return shape.join(" × ");
}
