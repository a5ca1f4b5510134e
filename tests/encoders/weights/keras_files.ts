import type * as tf from "@tensorflow/tfjs";
import type { Group } from "h5wasm/node";
import type { WeightSource } from "../../../lib/encoders/weights/weight_source.ts";

/** A layer's arrays as they go into a file. */
export interface FileLayer {
  name: string;
  className: string;
  arrays: { name: string; shape: number[]; data: Float32Array }[];
}

/** The arrays of a source, and weightless layers between, for a model. */
export async function fileLayers(
  model: tf.LayersModel,
  source: WeightSource,
): Promise<FileLayer[]> {
  const layers: FileLayer[] = [];
  for (const layer of model.layers) {
    const index = source.layers.findIndex(({ name }) => name === layer.name);
    const arrays = [];
    for (const [i, { name, shape }] of (source.layers[index]?.arrays ?? []).entries()) {
      arrays.push({ name: name!, shape, data: await source.read(index, i) });
    }
    layers.push({ name: layer.name, className: layer.getClassName(), arrays });
  }
  return layers;
}

/** Writes the legacy layout as Keras 2 or as Keras 3 does; `root` is set in whole-model files. */
export async function writeLegacy(
  path: string,
  layers: FileLayer[],
  style: "keras2" | "keras3",
  root?: "model_weights",
): Promise<void> {
  const file = await create(path);
  const top = root === undefined ? file : file.create_group(root);
  writeNames(top, "layer_names", layers.map(({ name }) => name), style);
  for (const { name, className, arrays } of layers) {
    const group = top.create_group(name);
    const named = arrays.map((array) => {
      const depthwise = className === "DepthwiseConv2D" && array.name.endsWith("kernel");
      const plain = depthwise && style === "keras2" ? "depthwise_kernel" : array.name;
      return style === "keras2" ? `${plain}:0` : plain.replace("depthwise_", "");
    });
    writeNames(group, "weight_names", named.map((array) => `${name}/${array}`), style);
    if (arrays.length === 0) continue;
    const inner = group.create_group(name);
    arrays.forEach(({ shape, data }, i) => inner.create_dataset({ name: named[i], data, shape }));
  }
  file.close();
}

/**
 * Writes the layout of Keras 3's `.weights.h5`; newer versions write the layers' names as well.
 *
 * @param wrapped whether the network stands in a Sequential, with a dense layer after it
 */
export async function writeKeras3(
  path: string,
  layers: FileLayer[],
  withNames: boolean,
  wrapped = false,
): Promise<void> {
  const classes: Record<string, string> = {
    Conv2D: "conv2d",
    DepthwiseConv2D: "depthwise_conv2d",
    BatchNormalization: "batch_normalization",
    ReLU: "re_lu",
    Dense: "dense",
  };
  const file = await create(path);
  const outer = file.create_group("layers");
  const top = wrapped ? outer.create_group("functional").create_group("layers") : outer;
  if (wrapped) {
    outer.create_group("dense").create_group("vars").create_dataset({ name: "0", ...HEAD });
  }
  const counts = new Map<string, number>();
  for (const { name, className, arrays } of layers) {
    const kind = classes[className] ?? className.toLowerCase();
    const count = counts.get(kind) ?? 0;
    counts.set(kind, count + 1);
    const vars = top.create_group(count === 0 ? kind : `${kind}_${count}`).create_group("vars");
    if (withNames) vars.create_attribute("name", name);
    arrays.forEach(({ shape, data }, i) => vars.create_dataset({ name: `${i}`, data, shape }));
  }
  file.close();
}

/** A head of one dense layer, which stands beside the network in a file. */
const HEAD = { shape: [2, 1], data: new Float32Array(2) };

/** Writes the legacy layout of `Sequential([network, Dense(1)])`: one group for all its arrays. */
export async function writeLegacyWrapped(path: string, layers: FileLayer[]): Promise<void> {
  const file = await create(path);
  const top = file.create_group("model_weights");
  writeNames(top, "layer_names", ["network", "head"], "keras2");
  const network = top.create_group("network");
  const all = layers.flatMap(({ name, arrays }) => arrays.map((array) => ({ layer: name, array })));
  // Those that are not trained come last.
  const frozen = ({ array }: { array: { name: string } }) => array.name.startsWith("moving_");
  const ordered = [...all.filter((one) => !frozen(one)), ...all.filter(frozen)];
  const names = ordered.map(({ layer, array }) => `${layer}/${array.name}:0`);
  writeNames(network, "weight_names", names, "keras2");
  for (const { name, arrays } of layers.filter(({ arrays }) => arrays.length > 0)) {
    const group = network.create_group(name);
    for (const { name, shape, data } of arrays) {
      group.create_dataset({ name: `${name}:0`, data, shape });
    }
  }
  const head = top.create_group("head");
  writeNames(head, "weight_names", ["head/kernel:0"], "keras2");
  head.create_group("head").create_dataset({ name: "kernel:0", ...HEAD });
  file.close();
}

async function create(path: string) {
  const { File, ready } = await import("h5wasm/node");
  await ready;
  return new File(path, "w");
}

function writeNames(group: Group, attribute: string, names: string[], style: "keras2" | "keras3") {
  if (names.length === 0) {
    group.create_attribute(attribute, new Float64Array(), [0], "<d"); // as h5py writes an empty list
    return;
  }
  const longest = Math.max(...names.map((name) => name.length));
  const dtype = style === "keras2" ? `A${longest}` : "S";
  group.create_attribute(attribute, names, [names.length], dtype);
}
