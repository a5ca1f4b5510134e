import type { KerasGraph, KerasLayer } from "./graph.ts";
import { expectSetting, settingOf } from "./layers.ts";

/** Functions of TensorFlow that Keras 2 writes down, and the layers that do the same. */
const layerOf: Record<string, string> = {
  "__operators__.add": "Add",
  "math.add": "Add",
  "concat": "Concatenate",
  "nn.relu": "ReLU",
  "nn.softmax": "Softmax",
};

/**
 * A graph in which the same thing is written in one way: TensorFlow's functions as Keras' layers,
 * a product with what is transposed as one of Einstein's notation, and an activation that stands on
 * a dense layer by itself as that layer's own.
 *
 * @param graph changed in place
 * @throws {RangeError} naming an activation on a dense layer that is none of Keras' defaults
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
    if (readers > 1 || outputs.includes(dense)) continue; // someone wants it without
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
  const className = layerOf[String(layer.config.function)];
  if (className === undefined) return;
  layer.className = className;
  layer.config = { ...layer.keywords };
}

/** A product of matrices of which one is turned over before. */
function asEinsum(layer: KerasLayer): void {
  if (layer.className !== "Matmul" || layer.inputs.length !== 2) return;
  const turned = layer.inputs.map(isTurned);
  if (!turned.includes(true)) return;
  const [first, second] = turned;
  layer.className = "Einsum";
  layer.config = { subscripts: `${first ? "acb" : "abc"},${second ? "adc" : "acd"}->abd` };
  layer.inputs = layer.inputs.map((input, i) => turned[i] ? input.inputs[0] : input);
}

/** Whether the last two of three axes are exchanged. */
function isTurned({ className, config, inputs }: KerasLayer): boolean {
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

/** Of [batch, words]. */
function checkSoftmax(layer: KerasLayer): void {
  if (layer.className === "Softmax") expectSetting(layer, "axis", -1, 1, null);
}
