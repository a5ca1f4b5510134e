import {
  givenName,
  groupNames,
  type Hdf5Groups,
  type KerasArray,
  namedArrays,
  numberedArrays,
  weightLayout,
} from "../../keras/mod.ts";
import { type FoundArray, foundArray } from "./file_layers.ts";
import type { KerasGraph, KerasLayer } from "./graph.ts";

/** Finds a layer's arrays in Keras' order; of a Bidirectional, the forward ones first. */
export type ArraysOf = (layer: KerasLayer) => FoundArray[];

/**
 * The arrays of a model's layers in a file that Keras wrote: the legacy layout (the group
 * `model_weights` of an `.h5` with the model) or that of Keras 3 (`model.weights.h5`).
 *
 * @throws {SyntaxError} if the file has neither layout
 */
export function kerasArrays(file: Hdf5Groups, graph: KerasGraph): ArraysOf {
  const layout = weightLayout(file);
  if (layout === undefined) {
    throw new SyntaxError(
      'its weights have neither an attribute "layer_names" nor a group "layers", one of which Keras writes',
    );
  }
  const { root } = layout;
  return layout.style === "legacy"
    ? (layer) => legacyArrays(file, root, layer).map(foundArray)
    : (layer) => keras3Arrays(file, root, graph, layer).map(foundArray);
}

/** Of a nested model, one group has the arrays of all layers; Keras 1 gives each its own. */
function legacyArrays(file: Hdf5Groups, root: string, layer: KerasLayer): KerasArray[] {
  const [model] = layer.parents;
  if (model !== undefined) {
    const inner = namedArrays(file, `${root}/${model}`)
      .filter(({ name }) => name!.split("/").includes(layer.name));
    if (inner.length > 0) return inner;
  }
  return namedArrays(file, `${root}/${layer.name}`);
}

/** Keras 3 names layers by class, numbered in the model's order; newer versions add their names. */
function keras3Arrays(
  file: Hdf5Groups,
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
  return numberedArrays(file, group, layer.storedClass ?? layer.className);
}

/** The group with the layer's name, or named by its class and number: `dense`, `dense_1`, … */
function groupOf(
  file: Hdf5Groups,
  folder: string,
  all: readonly KerasLayer[],
  { name, parents }: KerasLayer,
): string {
  const given = file.keys(folder).find((key) => givenName(file, `${folder}/${key}`) === name);
  if (given !== undefined) return `${folder}/${given}`;
  const siblings = all.filter((other) => other.parents.join() === parents.join());
  const groups = groupNames(siblings.map(({ className, storedClass }) => storedClass ?? className));
  return `${folder}/${groups[siblings.findIndex((other) => other.name === name)]}`;
}
