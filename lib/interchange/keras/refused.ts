import type { KerasLayer } from "./graph.ts";

/** The error for a layer that does not fit any decoder. */
export function refused(layer: KerasLayer, why: string): RangeError {
  return new RangeError(`layer "${layer.name}" (${layer.storedClass ?? layer.className}) ${why}`);
}
