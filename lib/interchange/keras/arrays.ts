import type { Hdf5File } from "../../storage/mod.ts";
import type { KerasGraph, KerasLayer } from "./graph.ts";

/** One of a layer's arrays in a file. */
export interface KerasArray {
  /** Where it lies in the file. */
  path: string;
  /** Its shape as the file has it. */
  shape: number[];
}

/** Finds a layer's arrays, in Keras' order: those of a Bidirectional forward first. */
export type ArraysOf = (layer: KerasLayer) => KerasArray[];

/**
 * The arrays of a model's layers in a file that Keras wrote: the legacy layout (the group
 * `model_weights` of a whole `.h5`) or that of Keras 3 (`model.weights.h5`).
 *
 * @throws {SyntaxError} if the file has neither layout
 */
export function kerasArrays(file: Hdf5File, graph: KerasGraph): ArraysOf {
  const legacy = file.has("model_weights") ? "model_weights" : "";
  if (hdf5Texts(file, legacy, "layer_names") !== undefined) {
    return (layer) => legacyArrays(file, legacy, layer);
  }
  const root = ["layers", "_layer_checkpoint_dependencies"].find((group) => file.has(group));
  if (root === undefined) {
    throw new SyntaxError(
      'its weights have neither an attribute "layer_names" nor a group "layers", as Keras writes',
    );
  }
  return (layer) => keras3Arrays(file, root, graph, layer);
}

function legacyArrays(file: Hdf5File, root: string, layer: KerasLayer): KerasArray[] {
  const group = `${root}/${layer.parents[0] ?? layer.name}`;
  const names = hdf5Texts(file, group, "weight_names") ?? [];
  const own = layer.parents.length === 0
    ? names
    : names.filter((name) => name.split("/").includes(layer.name));
  return own.map((name) => arrayAt(file, `${group}/${name}`));
}

/** Keras 3 calls layers by class, numbered in the model's order; newer versions add their names. */
function keras3Arrays(
  file: Hdf5File,
  root: string,
  graph: KerasGraph,
  layer: KerasLayer,
): KerasArray[] {
  let folder = root;
  for (const [depth, parent] of layer.parents.entries()) {
    const around = layer.parents.slice(0, depth).join();
    const model = graph.models.find(({ name, parents }) =>
      name === parent && parents.join() === around
    )!;
    folder = `${groupOf(file, folder, graph.models, model)}/layers`;
  }
  const group = groupOf(file, folder, graph.layers, layer);
  const inner = layer.className === "Bidirectional"
    ? ["forward_layer/cell/vars", "backward_layer/cell/vars"]
    : layer.className === "LSTM"
    ? ["cell/vars"]
    : ["vars"];
  return inner.flatMap((place) =>
    file.keys(`${group}/${place}`)
      .toSorted((a, b) => Number(a) - Number(b))
      .map((key) => arrayAt(file, `${group}/${place}/${key}`))
  );
}

/** The group that has the layer's name, or that its class and number name: `dense`, `dense_1`, … */
function groupOf(
  file: Hdf5File,
  folder: string,
  all: readonly KerasLayer[],
  { name, className, parents }: KerasLayer,
): string {
  const found = file.keys(folder).find((key) => {
    const given = file.attribute(`${folder}/${key}/vars`, "name");
    return given !== undefined && [given].flat()[0] === name;
  });
  if (found !== undefined) return `${folder}/${found}`;
  const peers = all.filter((other) =>
    other.className === className && other.parents.join() === parents.join()
  );
  const index = peers.findIndex((other) => other.name === name);
  return `${folder}/${snakeCase(className)}${index === 0 ? "" : `_${index}`}`;
}

/** `GlobalAveragePooling1D` as Keras 3 names groups: `global_average_pooling1d`. */
export function snakeCase(className: string): string {
  return className.replace(/(.)([A-Z][a-z]+)/g, "$1_$2")
    .replace(/([a-z])([A-Z])/g, "$1_$2").toLowerCase();
}

function arrayAt(file: Hdf5File, path: string): KerasArray {
  const shape = file.shape(path);
  if (shape === undefined) throw new SyntaxError(`the file names an array ${path} but has none`);
  return { path, shape };
}

/** A list of texts in an attribute; lists over 64 kB are spread over attributes numbered 0, 1, … */
export function hdf5Texts(file: Hdf5File, path: string, name: string): string[] | undefined {
  const whole = file.attribute(path, name);
  if (whole !== undefined) return [whole].flat().map(String);
  const pieces: string[] = [];
  for (let i = 0;; i++) {
    const piece = file.attribute(path, `${name}${i}`);
    if (piece === undefined) return i === 0 ? undefined : pieces;
    pieces.push(...[piece].flat().map(String));
  }
}
