import { groupNames, type KerasArray, weightLayout } from "../../keras/mod.ts";
import type { Hdf5File } from "../../storage/mod.ts";
import type { SourceLayer, WeightSource } from "./weight_source.ts";
import {
  type FileLayer,
  largestNetwork,
  legacyNetworks,
  numberedNetworks,
} from "./wrapped_layers.ts";

/** A layer's arrays with their paths in the file. */
interface FoundLayer extends SourceLayer {
  paths: string[];
}

/**
 * Weights in a file that Keras wrote: the legacy layout (`save_weights("….h5")` of Keras 2,
 * keras.applications' files, the group `model_weights` of a whole model) or that of Keras 3
 * (`….weights.h5`, `.keras`). Of networks within each other (`Sequential([MobileNetV2(…), …])`) it
 * takes the largest.
 *
 * @param orders gives layers with Keras' class names, which is what Keras 3 numbers, in the order of
 * the network and of each of its parts
 * @throws {SyntaxError} if the file has neither layout
 */
export function kerasWeights(
  file: Hdf5File,
  label: string,
  digest: string,
  orders: () => { name: string; className: string }[][],
): WeightSource {
  const layout = weightLayout(file);
  if (layout === undefined) {
    throw new SyntaxError(
      `${label} is an HDF5 file but has no network's weights in Keras' layouts ` +
        '(neither an attribute "layer_names" nor a group "layers"): set encoder.weights to a file ' +
        "that Keras' save_weights() or save() wrote",
    );
  }
  const found = largestNetwork(
    layout.style === "legacy"
      ? legacyNetworks(file, layout.root, layout.layers)
      : numberedNetworks(file, layout.root),
  );
  const layers = layout.style === "legacy"
    ? found.layers.map(({ name, arrays }) => layerOf(name!, arrays))
    : numberedLayers(found.layers, orders());
  return {
    notes: found.besides.length === 0 ? [] : [
      `${label} has more weights than those of the network in it, which are left out: ` +
      found.besides.join(", "),
    ],
    label,
    digest,
    layers,
    read: (layer, array) => file.read(layers[layer].paths[array]),
    close: () => file[Symbol.dispose](),
  };
}

/**
 * Keras 3 calls layers by class, numbered in the network's order; newer versions add their names,
 * of which the automatic ones (`conv2d_97`) have other numbers.
 */
function numberedLayers(
  groups: FileLayer[],
  orders: { name: string; className: string }[][],
): FoundLayer[] {
  const numberings = orders.map(namesByGroup);
  const isOfFile = (names: Map<string, string>) =>
    names.size === groups.length && groups.every(({ group }) => names.has(group));
  const numbered = numberings.find(isOfFile) ?? numberings[0];
  const positions = new Map([...numbered.keys()].map((group, i) => [group, i]));
  const positionOf = ({ group }: { group: string }) => positions.get(group) ?? positions.size;
  return groups.toSorted((a, b) => positionOf(a) - positionOf(b)).map(({ group, name, arrays }) =>
    layerOf(name ?? numbered.get(group) ?? group, arrays)
  );
}

/** Layers' names by what Keras 3 calls their groups, in the network's order. */
function namesByGroup(order: { name: string; className: string }[]): Map<string, string> {
  const groups = groupNames(order.map(({ className }) => className));
  return new Map(order.map(({ name }, i) => [groups[i], name]));
}

function layerOf(name: string, found: KerasArray[]): FoundLayer {
  return {
    name,
    arrays: found.map(({ name, shape }) => ({ name, shape: shape ?? [] })),
    paths: found.map(({ path }) => path),
  };
}
