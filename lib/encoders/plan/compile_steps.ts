import * as tf from "@tensorflow/tfjs";
import type { Arithmetic } from "../../nn/mod.ts";
import { layersBefore } from "../architectures/layers_before.ts";
import { bfloat16Layer } from "./bfloat16_layers.ts";
import { joinPointwise } from "./join_pointwise.ts";
import { convolution, convolutions, dense, type Operation, type PlanOps } from "./operations.ts";
import type { Step } from "./step.ts";

/** Turns a layers model into operations: each takes in as many layers as it can do at once. */
export function compileSteps(model: tf.LayersModel, ops: PlanOps): Step[] {
  const consumers = consumersOf(model);
  const slots = new Map<string, number>();
  const steps: Step[] = [];
  const numbers = new Map<number, Arithmetic>([[0, "float32"]]);
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
    const inputs = layersBefore(layer).map(({ name }) => slots.get(name)!);
    const output = slots.size;
    slots.set(last.name, output);
    const given = inputs.every((slot) => numbers.get(slot) === "bfloat16") ? "bfloat16" : "float32";
    const { takes = "float32", gives = "float32", ...operation } = operationOf(chain, ops, given);
    numbers.set(output, gives);
    const shape = last.outputShape as number[]; // [photos, …, channels]
    const places = shape.slice(1, -1).reduce((product, side) => product * side, 1);
    steps.push({ inputs, output, rank: shape.length, places, takes, gives, ...operation });
  }
  return ops.bfloat16 === undefined ? joinPointwise(steps, ops) : steps;
}

/** Layers that one operation does together: [pad], convolution, [batch norm], [activation]. */
export function chainFrom(
  layer: tf.layers.Layer,
  consumers: ReadonlyMap<string, readonly tf.layers.Layer[]>,
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

/** @param given numbers in which the inputs are there */
function operationOf(chain: tf.layers.Layer[], ops: PlanOps, given: Arithmetic): Operation {
  const classes = chain.map((layer) => layer.getClassName());
  if (classes.some((name) => convolutions.includes(name))) return convolution(chain, ops, given);
  const [layer] = chain;
  if (classes[0] === "Dense") return dense(layer, ops);
  if (layer.weights.length > 0) {
    throw new TypeError(`Layer "${layer.name}" of class ${classes[0]} cannot be run by a plan`);
  }
  const run = given === "bfloat16" ? bfloat16Layer(layer, ops.bfloat16!) : undefined;
  if (run !== undefined) return { weights: [], run, takes: given, gives: given };
  const { padding, strides } = layer.getConfig();
  return {
    weights: [],
    averages: classes[0] === "AveragePooling2D" && padding === "same" && `${strides}` === "1,1",
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
