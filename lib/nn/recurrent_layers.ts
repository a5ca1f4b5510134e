import type * as tf from "@tensorflow/tfjs";
import type { Random } from "../random/mod.ts";
import { dropout } from "./dropout.ts";
import type { FusedOps } from "./fused_ops.ts";
import type { GateActivation } from "./gate_activation.ts";
import { gruLayer } from "./gru_layer.ts";
import type { Layer } from "./layer.ts";
import { lstmLayer } from "./lstm_layer.ts";
import type { RecurrentLayer } from "./recurrent_layer.ts";
import type { WeightTensors } from "./weights.ts";

/** Recurrent layers of one kind, one on top of the other. */
export interface RecurrentLayersSettings {
  /** Their cell. */
  cell: "lstm" | "gru";
  /** How many, at least 1. */
  layers: number;
  /** Width of each. */
  units: number;
  /** What opens and closes the gates. */
  recurrentActivation: GateActivation;
  /** Whether a GRU's reset gate acts after the product with the recurrent kernel. */
  resetAfter: boolean;
  /** Dropout between two of them, in [0, 1). */
  layerDropout: number;
}

/** Outputs `h` and, of LSTMs, cells `c` of the first layer [rows, units]; then `h_2`, `c_2`, … */
export type RecurrentState = Record<string, tf.Tensor2D>;

/** Recurrent layers, each reading the outputs of the one before. */
export interface RecurrentLayers extends Layer {
  /** Names of what is carried from step to step. */
  readonly stateNames: readonly string[];
  /**
   * A whole sequence.
   *
   * @param x [time, batch, inputs]
   * @param initial the state before the first step; zeros without it
   * @param random where dropout's masks come from; no dropout without it
   * @returns outputs of the last layer [time, batch, units]
   */
  apply(
    weights: WeightTensors,
    x: tf.Tensor3D,
    options?: { initial?: RecurrentState; random?: Random },
  ): tf.Tensor3D;
  /** One step more. @param x [rows, inputs] @param before may hold other names as well */
  step(weights: WeightTensors, x: tf.Tensor2D, before: Record<string, tf.Tensor>): RecurrentState;
  /** The last layer's output [rows, units]. */
  output(state: RecurrentState): tf.Tensor2D;
  /** A state of zeros. @param rows how many sequences */
  start(rows: number): RecurrentState;
}

/**
 * Recurrent layers that learn `CELL/kernel` and so on: of the first `lstm` or `gru`, of the others
 * `lstm_2`, `lstm_3`, …
 */
export function recurrentLayers(
  inputs: number,
  { cell, layers, units, layerDropout, ...gates }: RecurrentLayersSettings,
  fused?: FusedOps,
): RecurrentLayers {
  const parts = cell === "lstm" ? ["h", "c"] : ["h"];
  const all = Array.from({ length: layers }, (_, i) => {
    const suffix = i === 0 ? "" : `_${i + 1}`;
    const width = i === 0 ? inputs : units;
    const layer = cell === "lstm"
      ? lstmLayer(cell + suffix, width, units, fused, gates.recurrentActivation)
      : gruLayer(cell + suffix, width, units, gates, fused);
    return {
      layer: layer as RecurrentLayer<RecurrentState>,
      /** Its own part of a state. */
      own: (state: Record<string, tf.Tensor>) =>
        Object.fromEntries(parts.map((part) => [part, state[part + suffix] as tf.Tensor2D])),
      named: (state: RecurrentState) =>
        Object.fromEntries(parts.map((part) => [part + suffix, state[part]])),
      suffix,
    };
  });
  return {
    weights: new Map(all.flatMap(({ layer }) => [...layer.weights])),
    activations: all.reduce((sum, { layer }) => sum + layer.activations, 0) +
      2 * (layers - 1) * units, // between the layers
    stateNames: all.flatMap(({ suffix }) => parts.map((part) => part + suffix)),
    apply(weights, x, { initial, random } = {}) {
      return all.reduce((x, { layer, own }, i) => {
        const inputs = i === 0 ? x : dropout(x, layerDropout, random, fused);
        return layer.apply(weights, inputs, initial && own(initial));
      }, x);
    },
    step(weights, x, before) {
      const states = all.map(({ layer, own, named }) => {
        const state = layer.step(weights, x, own(before));
        x = state.h;
        return named(state);
      });
      return Object.assign({}, ...states);
    },
    output: (state) => state[`h${all[layers - 1].suffix}`],
    start: (rows) => Object.assign({}, ...all.map(({ layer, named }) => named(layer.start(rows)))),
  };
}
