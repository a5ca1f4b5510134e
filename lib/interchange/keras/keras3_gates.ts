import type { ModelSettings } from "../../models/mod.ts";
import type { Weights } from "../../nn/mod.ts";
import { recurrentName } from "./recurrent_name.ts";

/**
 * Weights with which Keras 3 gives the same logits: its hard_sigmoid has the slope 1/6 where that of
 * Keras 2, which decoders have, has 1/5.
 */
export function keras3Weights(weights: Weights, settings: ModelSettings): Weights {
  if (!("recurrentActivation" in settings)) return weights;
  const { recurrentActivation, cell, layers } = settings;
  if (recurrentActivation !== "hard_sigmoid") return weights;
  const copy: Weights = new Map(weights);
  for (let i = 0; i < layers; i++) {
    for (const array of ["kernel", "recurrent_kernel", "bias"]) {
      const name = `${recurrentName(cell, i)}/${array}`;
      const { shape, data } = weights.get(name)!;
      copy.set(name, { shape, data: scaledGates(data, shape.at(-1)!, cell, 6 / 5) });
    }
  }
  return copy;
}

/** The columns of the gates multiplied; those of what is let through stay. */
export function scaledGates(
  data: Float32Array,
  columns: number,
  cell: "lstm" | "gru",
  factor: number,
): Float32Array {
  const candidate = 2; // of LSTM: input, forget, candidate, output; of GRU: update, reset, candidate
  const units = columns / (cell === "lstm" ? 4 : 3);
  return data.map((x, i) => Math.floor(i % columns / units) === candidate ? x : x * factor);
}
