import type { Group } from "h5wasm";
import type { Weights } from "../../nn/mod.ts";
import { makeHdf5 } from "../../storage/mod.ts";
import type { LayerSpec, ModelSpec } from "./layer_specs.ts";
import { MASK } from "./layer_stack.ts";
import { keras2Config } from "./serialise.ts";

/** The version whose layout the file has; every later one reads it. */
const LAYOUT = "2.15.0";

/**
 * A model as an `.h5` in Keras 2's layout, which Keras 2 and 3 open.
 *
 * @returns the file's bytes
 */
export async function kerasH5(model: ModelSpec, weights: Weights): Promise<Uint8Array> {
  return await makeHdf5((file) => {
    file.create_attribute("keras_version", LAYOUT);
    file.create_attribute("backend", "tensorflow");
    file.create_attribute("model_config", JSON.stringify(keras2Config(model)));
    const root = file.create_group("model_weights");
    root.create_attribute("keras_version", LAYOUT);
    root.create_attribute("backend", "tensorflow");
    const layers = model.layers.filter(({ className }) => className !== MASK);
    writeNames(root, "layer_names", layers.map(({ name }) => name));
    for (const layer of layers) writeLayer(root, layer, weights);
  });
}

function writeLayer(root: Group, layer: LayerSpec, weights: Weights): void {
  const group = root.create_group(layer.name);
  const names = layer.weights.map((name) => arrayName(layer, name));
  writeNames(group, "weight_names", names);
  names.forEach((name, i) => {
    const { shape, data } = weights.get(layer.weights[i])!;
    const path = name.split("/");
    const folder = path.slice(0, -1).reduce(
      (inner, part) =>
        inner.keys().includes(part) ? inner.get(part) as Group : inner.create_group(part),
      group,
    );
    folder.create_dataset({ name: path.at(-1)!, data, shape });
  });
}

/** An array's name in Keras 2: `dense/kernel:0`, `words_lstm/forward_words_lstm_cell/lstm_cell/kernel:0`. */
function arrayName({ name, className }: LayerSpec, weight: string): string {
  const array = `${weight.slice(weight.lastIndexOf("/") + 1)}:0`;
  if (isRecurrent(className)) return `${name}/${className.toLowerCase()}_cell/${array}`;
  if (className !== "Bidirectional") return `${name}/${array}`;
  const direction = weight.includes("_forward/") ? "forward" : "backward";
  return `${name}/${direction}_${name}_cell/lstm_cell/${array}`;
}

function isRecurrent(className: string): boolean {
  return className === "LSTM" || className === "GRU";
}

function writeNames(group: Group, attribute: string, names: string[]): void {
  if (names.length === 0) { // as h5py writes an empty list
    group.create_attribute(attribute, new Float64Array(), [0], "<d");
    return;
  }
  const longest = Math.max(...names.map((name) => name.length));
  group.create_attribute(attribute, names, [names.length], `A${longest}`);
}
