import type { KerasGraph, KerasLayer } from "./graph.ts";
import { expectSetting, settingOf } from "./layers.ts";

/** TensorFlow functions that Keras 2 writes, and the layers that do the same. */
const LAYER_OF: Record<string, string> = {
  "__operators__.add": "Add",
  "math.add": "Add",
  "concat": "Concatenate",
  "nn.relu": "ReLU",
  "nn.softmax": "Softmax",
};

/**
 * Rewrites a graph so that the same computation is always written in the same way: TensorFlow's
 * functions as Keras' layers, a product with a transposed matrix as an Einsum, and an activation layer
 * above a dense layer as that layer's own activation.
 *
 * @param graph changed in place
 * @throws {RangeError} naming a softmax over another axis than the last
 */
export function normaliseGraph(graph: KerasGraph): KerasGraph {
  const { layers, outputs } = graph;
  layers.forEach(asLayer);
  layers.forEach(asEinsum);
  for (const layer of layers) {
    const name = activationOf(layer);
    const [dense, ...others] = layer.inputs;
    if (name === undefined || others.length > 0 || dense?.className !== "Dense") continue;
    if ((settingOf(dense, "activation") ?? "linear") !== "linear") continue;
    const readers = layers.filter(({ inputs }) => inputs.includes(dense)).length;
    if (readers > 1 || outputs.includes(dense)) continue; // others read it without the activation
    if (name === "softmax") checkSoftmax(layer);
    dense.config = { ...dense.config, activation: name };
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

function activationOf(layer: KerasLayer): "relu" | "softmax" | undefined {
  const { className, config } = layer;
  if (className === "Softmax") return "softmax";
  if (className === "Relu") return "relu"; // the operation of Keras 3
  if (className === "ReLU") {
    const { max_value: most, negative_slope: slope, threshold } = config;
    return most || slope || threshold ? undefined : "relu";
  }
  if (className !== "Activation") return undefined;
  const activation = settingOf(layer, "activation");
  return activation === "relu" || activation === "softmax" ? activation : undefined;
}

/** Of the input [batch, words]. */
function checkSoftmax(layer: KerasLayer): void {
  if (layer.className === "Softmax") expectSetting(layer, "axis", -1, 1, null);
}
