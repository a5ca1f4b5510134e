import { type Hdf5Groups, textList } from "./hdf5_groups.ts";

/**
 * How a file holds weights: `legacy` (Keras 2's `….h5`, the group `model_weights` of a whole model,
 * keras.applications' files) lists its layers and their arrays by name, `numbered` (Keras 3's
 * `….weights.h5`) names groups by class and numbers arrays.
 */
export type WeightLayout =
  | { style: "legacy"; root: string; layers: string[] }
  | { style: "numbered"; root: string };

/** One of a layer's arrays in a file. */
export interface KerasArray {
  /** Keras' name, where the layout has any. */
  name?: string;
  /** Its path in the file. */
  path: string;
  /** Its shape as the file has it; undefined if the file names the array but lacks it. */
  shape: number[] | undefined;
}

/** The layout of a file that Keras wrote, undefined if it has neither layout. */
export function weightLayout(file: Hdf5Groups): WeightLayout | undefined {
  const legacy = file.has("model_weights") ? "model_weights" : "";
  const layers = textList(file, legacy, "layer_names");
  if (layers !== undefined) return { style: "legacy", root: legacy, layers };
  const root = ["layers", "_layer_checkpoint_dependencies"].find((group) => file.has(group));
  return root === undefined ? undefined : { style: "numbered", root };
}

/** Arrays of a layer's group in the legacy layout, in Keras' order. */
export function namedArrays(file: Hdf5Groups, group: string): KerasArray[] {
  return (textList(file, group, "weight_names") ?? []).map((name) => {
    const path = `${group}/${name}`;
    return { name, path, shape: file.shape(path) };
  });
}

/**
 * Arrays of a layer's group in the numbered layout, in Keras' order: those of a Bidirectional
 * forward first.
 */
export function numberedArrays(file: Hdf5Groups, group: string, className = ""): KerasArray[] {
  return arrayGroups(className).flatMap((inner) =>
    file.keys(`${group}/${inner}`)
      .toSorted((a, b) => Number(a) - Number(b))
      .map((key) => {
        const path = `${group}/${inner}/${key}`;
        return { path, shape: file.shape(path) };
      })
  );
}

/** A layer's own name, which newer versions of Keras 3 write beside its class and number. */
export function givenName(file: Hdf5Groups, group: string): string | undefined {
  const name = file.attribute(`${group}/vars`, "name");
  return name === undefined ? undefined : String([name].flat()[0]);
}

/** Groups within a layer's group that hold its arrays. */
function arrayGroups(className: string): string[] {
  if (className === "Bidirectional") return ["forward_layer/cell/vars", "backward_layer/cell/vars"];
  if (className === "TimeDistributed") return ["layer/vars"];
  return /^(LSTM|GRU|SimpleRNN)$/.test(className) ? ["cell/vars"] : ["vars"];
}
