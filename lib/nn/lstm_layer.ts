import type * as tf from "@tensorflow/tfjs";
import type { FusedOps, LstmState } from "./fused_ops.ts";
import { glorotUniform, lstmBias, orthogonal } from "./initializers.ts";
import type { GateActivation } from "./gate_activation.ts";
import type { LayerWeight } from "./layer.ts";
import { lstm, lstmStep, zeroState } from "./lstm.ts";
import type { RecurrentLayer } from "./recurrent_layer.ts";
import { readWeight, type WeightTensors } from "./weights.ts";

/**
 * A long short-term memory by Keras' equations, over a sequence or step by step: learns
 * `NAME/kernel` (glorot_uniform), `NAME/recurrent_kernel` (orthogonal) and `NAME/bias` (zeros, the
 * forget gate's ones).
 */
export function lstmLayer(
  name: string,
  inputs: number,
  units: number,
  fused?: FusedOps,
  gates: GateActivation = "sigmoid",
): RecurrentLayer<LstmState> {
  const names = [`${name}/kernel`, `${name}/recurrent_kernel`, `${name}/bias`];
  const [kernel, recurrent] = [[inputs, 4 * units], [units, 4 * units]];
  const arrays = (weights: WeightTensors) =>
    names.map((name) => readWeight(weights, name)) as [tf.Tensor2D, tf.Tensor2D, tf.Tensor1D];
  return {
    weights: new Map<string, LayerWeight>([
      [names[0], { shape: kernel, initial: (random) => glorotUniform(kernel, random) }],
      [names[1], { shape: recurrent, initial: (random) => orthogonal(recurrent, random) }],
      [names[2], { shape: [4 * units], initial: () => lstmBias(units) }],
    ]),
    // What the fused kernel saves for its gradients, and the outputs' gradients.
    activations: (gates === "sigmoid" ? 9 : 18) * units,
    apply: (weights, x, initial) => lstm(x, ...arrays(weights), fused, initial, gates),
    step: (weights, x, before) => lstmStep(x, before, ...arrays(weights), gates),
    start: (rows) => zeroState(rows, units),
  };
}
