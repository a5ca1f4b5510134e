import type { Hdf5File } from "../../storage/mod.ts";
import type { SourceLayer, WeightSource } from "./weight_source.ts";

/** A layer's arrays with the places they have in the file. */
interface FoundLayer extends SourceLayer {
  paths: string[];
}

/**
 * Weights in a file that Keras wrote: the legacy layout (`save_weights("….h5")` of Keras 2,
 * keras.applications' files, the group `model_weights` of a whole model) or that of Keras 3
 * (`….weights.h5`).
 *
 * @param orders layers with Keras' class names, which is what Keras 3 numbers, in the order of the
 * network and of each of its parts
 * @throws {SyntaxError} if the file has neither layout
 */
export function kerasWeights(
  file: Hdf5File,
  label: string,
  digest: string,
  orders: { name: string; className: string }[][],
): WeightSource {
  const layers = legacyLayers(file) ?? keras3Layers(file, orders);
  if (layers === undefined) {
    throw new SyntaxError(
      `${label} is an HDF5 file but has no network's weights in Keras' layouts ` +
        '(neither an attribute "layer_names" nor a group "layers")',
    );
  }
  return {
    label,
    digest,
    layers,
    read: (layer, array) => file.read(layers[layer].paths[array]),
    close: () => file[Symbol.dispose](),
  };
}

function legacyLayers(file: Hdf5File): FoundLayer[] | undefined {
  const root = file.has("model_weights") ? "model_weights" : "";
  const names = texts(file, root, "layer_names");
  if (names === undefined) return undefined;
  const layers: FoundLayer[] = [];
  for (const name of names) {
    const group = `${root}/${name}`;
    const found = (texts(file, group, "weight_names") ?? []).map((weight) => ({
      name: weight,
      path: `${group}/${weight}`,
      shape: file.shape(`${group}/${weight}`),
    }));
    if (found.length > 0) layers.push(layerOf(name, found));
  }
  return layers;
}

/**
 * Keras 3 calls layers by class, numbered in the network's order; newer versions add their names,
 * of which the automatic ones (`conv2d_97`) have other numbers.
 */
function keras3Layers(
  file: Hdf5File,
  orders: { name: string; className: string }[][],
): FoundLayer[] | undefined {
  const root = ["layers", "_layer_checkpoint_dependencies"].find((group) => file.has(group));
  if (root === undefined) return undefined;
  const groups = file.keys(root).map((group) => {
    const vars = `${root}/${group}/vars`;
    const keys = file.keys(vars).toSorted((a, b) => Number(a) - Number(b));
    const found = keys.map((key) => ({
      path: `${vars}/${key}`,
      shape: file.shape(`${vars}/${key}`),
    }));
    return { group, given: file.attribute(vars, "name"), found };
  }).filter(({ found }) => found.length > 0);
  const numberings = orders.map(numberedNames);
  const isOfFile = (names: Map<string, string>) =>
    names.size === groups.length && groups.every(({ group }) => names.has(group));
  const numbered = numberings.find(isOfFile) ?? numberings[0];
  const place = new Map([...numbered.keys()].map((group, i) => [group, i]));
  const placeOf = ({ group }: { group: string }) => place.get(group) ?? place.size;
  return groups.toSorted((a, b) => placeOf(a) - placeOf(b)).map(({ group, given, found }) =>
    layerOf(typeof given === "string" ? given : numbered.get(group) ?? group, found)
  );
}

/** Layers' names by what Keras 3 calls them: `conv2d`, `conv2d_1`, …, in the network's order. */
function numberedNames(order: { name: string; className: string }[]): Map<string, string> {
  const counts = new Map<string, number>();
  const names = new Map<string, string>();
  for (const { name, className } of order) {
    const count = counts.get(className) ?? 0;
    counts.set(className, count + 1);
    const snake = className
      .replace(/([a-z0-9])([A-Z][a-z])/g, "$1_$2").toLowerCase();
    names.set(count === 0 ? snake : `${snake}_${count}`, name);
  }
  return names;
}

function layerOf(
  name: string,
  found: { name?: string; path: string; shape: number[] | undefined }[],
): FoundLayer {
  return {
    name,
    arrays: found.map(({ name, shape }) => ({ name, shape: shape ?? [] })),
    paths: found.map(({ path }) => path),
  };
}

/** A list of texts; lists over 64 kB are spread over attributes numbered 0, 1, … */
function texts(file: Hdf5File, path: string, name: string): string[] | undefined {
  const whole = file.attribute(path, name);
  if (whole !== undefined) return Array.isArray(whole) ? whole.map(String) : [String(whole)];
  const pieces: string[] = [];
  for (let i = 0;; i++) {
    const piece = file.attribute(path, `${name}${i}`);
    if (piece === undefined) return i === 0 ? undefined : pieces;
    pieces.push(...(Array.isArray(piece) ? piece.map(String) : [String(piece)]));
  }
}
