import * as tf from "@tensorflow/tfjs";
import type { FusedOps } from "../../nn/mod.ts";
import { layersBefore } from "../architectures/layers_before.ts";
import { convolution, convolutions, dense, type Operation } from "./operations.ts";

/** One operation of a plan. Slot 0 is the network's input. */
export interface Step {
  inputs: number[];
  output: number;
  /** Number of dimensions of the output, the batch's included. */
  rank: number;
  /** Owned by the plan. */
  weights: tf.Tensor[];
  run: (inputs: tf.Tensor[]) => tf.Tensor;
}

/** Turns a layers model into operations: each takes in as many layers as it can do at once. */
export function compileSteps(model: tf.LayersModel, fused?: FusedOps): Step[] {
  const consumers = consumersOf(model);
  const slots = new Map<string, number>();
  const steps: Step[] = [];
  const taken = new Set<string>();
  for (const layer of model.layers) {
    if (layer.getClassName() === "InputLayer") {
      slots.set(layer.name, 0);
      continue;
    }
    if (taken.has(layer.name)) continue;
    const chain = chainFrom(layer, consumers);
    chain.forEach(({ name }) => taken.add(name));
    const last = chain.at(-1)!;
    slots.set(last.name, slots.size);
    steps.push({
      inputs: layersBefore(layer).map(({ name }) => slots.get(name)!),
      output: slots.get(last.name)!,
      rank: last.outputShape.length,
      ...operationOf(chain, fused),
    });
  }
  return steps;
}

/** Layers that one operation does together: [pad], convolution, [batch norm], [activation]. */
function chainFrom(
  layer: tf.layers.Layer,
  consumers: Map<string, tf.layers.Layer[]>,
): tf.layers.Layer[] {
  const chain = [layer];
  const next = (fits: (layer: tf.layers.Layer) => boolean) => {
    const after = consumers.get(chain.at(-1)!.name) ?? [];
    if (after.length !== 1 || !fits(after[0])) return false;
    chain.push(after[0]);
    return true;
  };
  const isConvolution = (layer: tf.layers.Layer) => convolutions.includes(layer.getClassName());
  if (layer.getClassName() === "ZeroPadding2D" && !next(isConvolution)) return chain;
  if (!isConvolution(chain.at(-1)!)) return chain;
  if (chain.at(-1)!.getConfig().activation !== "linear") return chain;
  next((layer) => layer.getClassName() === "BatchNormalization");
  next(isRelu);
  return chain;
}

function isRelu(layer: tf.layers.Layer): boolean {
  const name = layer.getClassName();
  return name === "ReLU" || name === "Activation" && layer.getConfig().activation === "relu";
}

function operationOf(chain: tf.layers.Layer[], fused?: FusedOps): Operation {
  const classes = chain.map((layer) => layer.getClassName());
  if (classes.some((name) => convolutions.includes(name))) return convolution(chain, fused);
  const [layer] = chain;
  if (classes[0] === "Dense") return dense(layer);
  if (layer.weights.length > 0) {
    throw new TypeError(`Layer "${layer.name}" of class ${classes[0]} cannot be run by a plan`);
  }
  return {
    weights: [],
    // Not apply(), which refuses once the model is disposed of.
    run: (inputs) => layer.call(inputs, {}) as tf.Tensor,
  };
}

function consumersOf(model: tf.LayersModel): Map<string, tf.layers.Layer[]> {
  const consumers = new Map<string, tf.layers.Layer[]>();
  for (const layer of model.layers) {
    for (const { name } of layersBefore(layer)) {
      consumers.set(name, [...consumers.get(name) ?? [], layer]);
    }
  }
  return consumers;
}
