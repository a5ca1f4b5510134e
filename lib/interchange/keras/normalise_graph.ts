import type { KerasGraph, KerasLayer } from "./graph.ts";
import { expectLastAxis } from "./last_axis.ts";
import { settingOf } from "./layers.ts";

/** TensorFlow functions that Keras 2 writes, and the layers that do the same. */
const LAYER_OF: Record<string, string> = {
  "__operators__.add": "Add",
  "math.add": "Add",
  "concat": "Concatenate",
  "nn.relu": "ReLU",
  "nn.softmax": "Softmax",
  "math.tanh": "Tanh",
  "nn.tanh": "Tanh",
};

/**
 * Rewrites a graph so that the same computation is always written in the same way: TensorFlow's
 * functions as Keras' layers, a product with a transposed matrix as an Einsum, and an activation layer
 * above a dense layer as that layer's own activation.
 *
 * @param graph changed in place
 * @param isKeras3 whether Keras 3 wrote it, where other layers lose the mask
 * @throws {RangeError} naming a softmax over another axis than the last
 */
export function normaliseGraph(graph: KerasGraph, isKeras3 = false): KerasGraph {
  const { layers, outputs } = graph;
  layers.forEach(asLayer);
  // In Keras 2 it has no mask to give, in Keras 3 that of its input.
  for (const layer of layers) layer.losesMask ||= !isKeras3 && layer.className === "Identity";
  layers.forEach(asDense);
  layers.forEach(asMerge);
  layers.forEach(asEinsum);
  const isReadAlone = (layer: KerasLayer) =>
    layers.filter(({ inputs }) => inputs.includes(layer)).length === 1 && !outputs.includes(layer);
  for (const layer of layers) {
    const name = activationOf(layer);
    const [below, ...others] = layer.inputs;
    if (name === undefined || others.length > 0) continue;
    const norm = below?.className === "BatchNormalization" ? below : undefined;
    const dense = norm === undefined ? below : norm.inputs[0];
    if (dense?.className !== "Dense") continue;
    if ((settingOf(dense, "activation") ?? "linear") !== "linear") continue;
    if (!isReadAlone(dense) || !isReadAlone(below)) continue; // others read it without the activation
    if (name === "softmax") checkSoftmax(layer);
    dense.config = { ...dense.config, activation: name };
    dense.norm = norm;
    const replace = (input: KerasLayer) => input === layer ? dense : input;
    for (const reader of layers) reader.inputs = reader.inputs.map(replace);
    graph.outputs = graph.outputs.map(replace);
  }
  return graph;
}

function asLayer(layer: KerasLayer): void {
  if (layer.className !== "TFOpLambda") return;
  const className = LAYER_OF[String(layer.config.function)];
  if (className === undefined) return;
  layer.className = className;
  layer.config = { ...layer.keywords };
  layer.losesMask = true;
}

/** A dense layer on every step is a dense layer: Keras' own works on the last axis. */
function asDense(layer: KerasLayer): void {
  const inner = layer.config.layer as { class_name?: string; config?: KerasLayer["config"] } | null;
  if (layer.className !== "TimeDistributed" || !inner?.config) return;
  if (!["Dense", "Dropout", "Activation", "BatchNormalization"].includes(inner.class_name!)) return;
  layer.storedClass = layer.className;
  layer.className = inner.class_name!;
  layer.config = inner.config;
}

/** Keras 1 has one layer for every way to merge. */
function asMerge(layer: KerasLayer): void {
  if (layer.className !== "Merge") return;
  const { mode, concat_axis: axis } = layer.config;
  if (mode === "sum") layer.className = "Add";
  else if (mode === "concat") {
    layer.className = "Concatenate";
    layer.config = { axis };
  }
}

/** A product of matrices of which at least one is transposed before. */
function asEinsum(layer: KerasLayer): void {
  if (layer.className !== "Matmul" || layer.inputs.length !== 2) return;
  const transposed = layer.inputs.map(isTransposed);
  if (!transposed.includes(true)) return;
  const [first, second] = transposed;
  layer.className = "Einsum";
  layer.config = { subscripts: `${first ? "acb" : "abc"},${second ? "adc" : "acd"}->abd` };
  layer.inputs = layer.inputs.map((input, i) => transposed[i] ? input.inputs[0] : input);
}

/** Whether the last two of three axes are swapped. */
function isTransposed({ className, config, inputs }: KerasLayer): boolean {
  if (inputs.length !== 1) return false;
  return className === "Permute" && String(config.dims) === "2,1" ||
    className === "Transpose" && String(config.axes) === "0,2,1";
}

function activationOf(layer: KerasLayer): "relu" | "softmax" | "tanh" | undefined {
  const { className, config } = layer;
  if (className === "Softmax") return "softmax";
  if (className === "Relu") return "relu"; // the operation of Keras 3
  if (className === "Tanh") return "tanh";
  if (className === "ReLU") {
    const { max_value: most, negative_slope: slope, threshold } = config;
    return most || slope || threshold ? undefined : "relu";
  }
  if (className !== "Activation") return undefined;
  const activation = settingOf(layer, "activation");
  return activation === "relu" || activation === "softmax" || activation === "tanh"
    ? activation
    : undefined;
}

/** Over the words. */
function checkSoftmax(layer: KerasLayer): void {
  if (layer.className === "Softmax") expectLastAxis(layer);
}
