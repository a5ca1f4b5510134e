import type { KerasLayer } from "./graph.ts";
import { settingOf } from "./layers.ts";
import { refused } from "./refused.ts";

/**
 * How many axes a layer's output has, the batch counted.
 *
 * @returns undefined if its class does not tell, and nothing that it reads does
 */
function axesOf(layer: KerasLayer): number | undefined {
  const { className, config, inputs } = layer;
  switch (className) {
    case "InputLayer": {
      const shape = config.batch_shape ?? config.batch_input_shape;
      return Array.isArray(shape) ? shape.length : undefined;
    }
    case "Embedding":
    case "RepeatVector":
      return 3;
    case "LSTM":
    case "GRU":
      return config.return_sequences === true ? 3 : 2;
  }
  const below = inputs.map(axesOf).filter((axes) => axes !== undefined);
  return below.length === 0 ? undefined : Math.max(...below);
}

/** Whether each sample of a layer's output is a vector instead of a sequence of them. */
export function isVector(layer: KerasLayer): boolean {
  return axesOf(layer) === 2;
}

/**
 * Checks that a layer works on the numbers of a vector, not on the steps of a sequence or the batch.
 *
 * @throws {RangeError} naming the layer and its axis
 */
export function expectLastAxis(layer: KerasLayer): void {
  const axes = [settingOf(layer, "axis") ?? -1].flat(); // Keras 2 writes a list for normalisations
  const [axis] = axes;
  if (axes.length === 1 && axis === -1) return;
  const inStep = layer.storedClass === "TimeDistributed" ? 1 : 0;
  const last = (axesOf(layer) ?? 2) - inStep - 1;
  if (axes.length === 1 && axis === last) return;
  throw refused(layer, `has axis ${axes.join(" and ")}; only -1 or ${last} can be imported`);
}
