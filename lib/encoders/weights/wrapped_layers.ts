import {
  givenName,
  type Hdf5Groups,
  type KerasArray,
  namedArrays,
  numberedArrays,
} from "../../keras/mod.ts";

/** A layer of a file with its arrays; the name is absent where the file numbers its layers. */
export interface FileLayer {
  /** Its group's last name: `conv2d_3` in Keras 3's layout. */
  group: string;
  /** The layer's own name. */
  name?: string;
  arrays: KerasArray[];
}

/** One network of a file: that at its top, or one that stands in it as a layer. */
export interface FileNetwork {
  /** Undefined at the top. */
  name?: string;
  layers: FileLayer[];
}

/**
 * The networks in the legacy layout: the arrays of one that stands in another as a layer are all in
 * one group, named by their own layers.
 */
export function legacyNetworks(
  file: Hdf5Groups,
  root: string,
  layers: readonly string[],
): FileNetwork[] {
  const top: FileNetwork = { layers: [] };
  const networks = [top];
  for (const group of layers) {
    const arrays = namedArrays(file, `${root}/${group}`);
    const byLayer = Map.groupBy(arrays, ({ name }) => name!.split("/").at(-2));
    if (byLayer.size <= 1) top.layers.push({ group, name: group, arrays });
    else {
      const inner = [...byLayer].map(([name = group, arrays]) => ({ group: name, name, arrays }));
      networks.push({ name: group, layers: inner });
    }
  }
  return networks;
}

/** The networks in Keras 3's layout: one that stands in another as a layer has a group of layers. */
export function numberedNetworks(file: Hdf5Groups, root: string, name?: string): FileNetwork[] {
  const own: FileNetwork = { name, layers: [] };
  const networks = [own];
  for (const group of file.keys(root)) {
    const path = `${root}/${group}`;
    const given = givenName(file, path);
    const inner = ["layers", "_layer_checkpoint_dependencies"].find((key) =>
      file.has(`${path}/${key}`)
    );
    if (inner === undefined) {
      own.layers.push({ group, name: given, arrays: numberedArrays(file, path) });
    } else networks.push(...numberedNetworks(file, `${path}/${inner}`, given ?? group));
  }
  return networks;
}

/** The network with the most arrays, and what has weights beside it. */
export function largestNetwork(networks: readonly FileNetwork[]) {
  const weighted = networks.map(({ name, layers }) => ({
    name,
    layers: layers.filter(({ arrays }) => arrays.length > 0),
  }));
  const size = ({ layers }: FileNetwork) =>
    layers.reduce((sum, { arrays }) => sum + arrays.length, 0);
  const [largest, ...others] = weighted.toSorted((a, b) => size(b) - size(a));
  const besides = others.flatMap(({ name, layers }) =>
    layers.length === 0 ? [] : name ?? layers.map(({ name, group }) => name ?? group)
  );
  return { ...largest, besides };
}
