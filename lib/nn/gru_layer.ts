import * as tf from "@tensorflow/tfjs";
import type { FusedOps } from "./fused_ops.ts";
import type { GateActivation } from "./gate_activation.ts";
import { gru, type GruArrays, type GruState, gruStep } from "./gru.ts";
import { glorotUniform, orthogonal } from "./initializers.ts";
import type { LayerWeight } from "./layer.ts";
import type { RecurrentLayer } from "./recurrent_layer.ts";
import { readWeight, type WeightTensors } from "./weights.ts";

/** How a GRU's gates work. */
export interface GruGates {
  /** What opens and closes them. @default {"sigmoid"} */
  recurrentActivation?: GateActivation;
  /** Whether the reset gate acts after the product with the recurrent kernel. @default {true} */
  resetAfter?: boolean;
}

/**
 * A gated recurrent unit by Keras' equations, over a sequence or step by step: learns `NAME/kernel`
 * (glorot_uniform), `NAME/recurrent_kernel` (orthogonal) and `NAME/bias` (zeros).
 */
export function gruLayer(
  name: string,
  inputs: number,
  units: number,
  { recurrentActivation = "sigmoid", resetAfter = true }: GruGates = {},
  fused?: FusedOps,
): RecurrentLayer<GruState> {
  const names = [`${name}/kernel`, `${name}/recurrent_kernel`, `${name}/bias`];
  const [kernelShape, recurrentShape] = [[inputs, 3 * units], [units, 3 * units]];
  const biasShape = resetAfter ? [2, 3 * units] : [3 * units];
  const arrays = (weights: WeightTensors): GruArrays => ({
    kernel: readWeight(weights, names[0]),
    recurrentKernel: readWeight(weights, names[1]),
    bias: readWeight(weights, names[2]),
  });
  return {
    weights: new Map<string, LayerWeight>([
      [names[0], { shape: kernelShape, initial: (random) => glorotUniform(kernelShape, random) }],
      [names[1], {
        shape: recurrentShape,
        initial: (random) => orthogonal(recurrentShape, random),
      }],
      [names[2], {
        shape: biasShape,
        initial: () => new Float32Array((resetAfter ? 6 : 3) * units),
      }],
    ]),
    activations: 18 * units, // inputs' and recurrent part, gates and candidate, and what they become
    apply: (weights, x, initial) => gru(x, arrays(weights), recurrentActivation, initial, fused),
    step: (weights, x, before) => gruStep(x, before, arrays(weights), recurrentActivation),
    start: (rows) => ({ h: tf.zeros([rows, units]) }),
  };
}
