import { givenName, type Hdf5Groups, namedArrays, weightLayout } from "../../keras/mod.ts";
import { classOfGroup } from "./layer_classes.ts";

/** One of a layer's arrays that the file has. */
export interface FoundArray {
  /** Its path in the file. */
  path: string;
  /** Its shape. */
  shape: number[];
}

/** A layer as a file of weights names it. */
export interface FileLayer {
  /** Its name in Keras, as far as the file tells. */
  name: string;
  /** Keras' class, by the names and shapes of its arrays or by its own name; undefined if neither tells. */
  className: string | undefined;
  /** Its arrays, in Keras' order; of a Bidirectional, the forward ones first. */
  arrays: FoundArray[];
}

/**
 * The layers that a file of weights without a model names, those without weights too; layers of nested
 * models are listed like others. Of one class they are in the model's order, and all of them are where
 * the file has Keras 2's lists of names.
 *
 * @throws {SyntaxError} if the file does not have a layout that Keras writes, or lacks an array that it
 * names
 */
export function fileLayers(file: Hdf5Groups): FileLayer[] {
  const layout = weightLayout(file);
  if (layout === undefined) {
    if (file.keys("").some((key) => file.has(`${key}/vars`))) {
      throw new RangeError(
        "it holds the weights of a model that is a class of its own (a subclass of keras.Model), whose " +
          "layers the file does not tell: build it of layers in Keras (keras.Model(inputs, outputs)), " +
          "load the weights into that and save it (model.save)",
      );
    }
    throw new SyntaxError(
      "it holds neither a Keras model nor the weights of one: there is neither a model_config nor an " +
        'attribute "layer_names" nor a group "layers", one of which Keras writes',
    );
  }
  const { root } = layout;
  if (layout.style === "numbered") return numberedLayers(file, root);
  return layout.layers.flatMap((name) => namedLayers(file, `${root}/${name}`, name));
}

/** Every array that a model's weights have in a file, without the optimizer's. */
export function allArrays(file: Hdf5Groups, root: string): string[] {
  return file.keys(root).flatMap((key) => {
    if (root === "" && /^(optimizer|metrics|loss)/.test(key)) return [];
    const path = root === "" ? key : `${root}/${key}`;
    return file.shape(path) === undefined ? allArrays(file, path) : [path];
  });
}

/** @throws {SyntaxError} if the file names the array but does not have it */
export function foundArray(
  { path, shape }: { path: string; shape: number[] | undefined },
): FoundArray {
  if (shape !== undefined) return { path, shape };
  throw new SyntaxError(`the file names an array ${path} but does not have it`);
}

/** Of a nested model, the legacy layout has the arrays of all its layers in one group. */
function namedLayers(file: Hdf5Groups, group: string, name: string): FileLayer[] {
  const byLayer = new Map<string, { leaf: string; array: FoundArray }[]>();
  for (const { name: full, path, shape } of namedArrays(file, group)) {
    const parts = full!.replace(/:\d+$/, "").split("/");
    const leaf = parts.pop()!;
    const cut = parts.findIndex((part) => /^(forward|backward)_|_cell(_\d+)?$/.test(part));
    const key = parts.slice(0, cut < 0 ? parts.length : cut).join("/");
    byLayer.set(key, [...byLayer.get(key) ?? [], { leaf, array: foundArray({ path, shape }) }]);
  }
  if (byLayer.size === 0) return [{ name, className: classOfGroup(name), arrays: [] }];
  return [...byLayer].map(([key, found]) => {
    const own = byLayer.size === 1 ? name : key.slice(key.lastIndexOf("/") + 1);
    const arrays = found.map(({ array }) => array);
    return {
      name: own,
      className: classOfArrays(own, found.map(({ leaf }) => leaf), arrays),
      arrays,
    };
  });
}

function classOfArrays(
  name: string,
  leaves: readonly string[],
  arrays: readonly FoundArray[],
): string | undefined {
  const byName = classOfGroup(name);
  if (byName?.startsWith("CuDNN")) return byName;
  if (leaves.filter((leaf) => leaf === "recurrent_kernel").length > 1) return "Bidirectional";
  if (leaves.includes("recurrent_kernel")) return recurrentClass(arrays) ?? byName;
  if (leaves.includes("embeddings")) return "Embedding";
  if (leaves.includes("moving_mean")) return "BatchNormalization";
  const isDense = leaves.every((leaf) => leaf === "kernel" || leaf === "bias") &&
    arrays[0].shape.length === 2;
  return isDense ? "Dense" : byName;
}

/** By the number of gates: columns of the kernel for each unit. */
function recurrentClass([, recurrent]: readonly FoundArray[]): string | undefined {
  const [units, columns] = recurrent.shape;
  return ({ 1: "SimpleRNN", 3: "GRU", 4: "LSTM" } as Record<number, string>)[columns / units];
}

function numberedLayers(file: Hdf5Groups, root: string): FileLayer[] {
  const number = (key: string) => Number(/_(\d+)$/.exec(key)?.[1] ?? 0);
  const keys = file.keys(root).filter((key) => key !== "vars")
    .toSorted((a, b) => number(a) - number(b));
  return keys.flatMap((key) => {
    const group = `${root}/${key}`;
    if (file.has(`${group}/layers`)) return numberedLayers(file, `${group}/layers`);
    const arrays = allArrays(file, group).toSorted((a, b) => rank(a) - rank(b))
      .map((path) => ({ path, shape: file.shape(path)! }));
    const byName = classOfGroup(key);
    if (byName === "TimeDistributed" && arrays.length > 0 && arrays[0].shape.length === 2) {
      return [{ name: givenName(file, group) ?? key, className: "Dense", arrays }];
    }
    const isRecurrent = file.has(`${group}/cell/vars`) && arrays.length > 1;
    return [{
      name: givenName(file, group) ?? key,
      className: isRecurrent ? recurrentClass(arrays) ?? byName : byName,
      arrays,
    }];
  });
}

/** Arrays are numbered within a group; a Bidirectional's forward layer comes first. */
function rank(path: string): number {
  return (path.includes("/backward_layer/") ? 1000 : 0) + Number(/\d+$/.exec(path)?.[0] ?? 0);
}
