import type { KerasLayer } from "./graph.ts";
import { createDecoder } from "../../models/mod.ts";
import type { Weights } from "../../nn/mod.ts";
import type { Hdf5File } from "../../storage/mod.ts";
import type { ArraysOf } from "./arrays.ts";
import { allArrays } from "./file_layers.ts";
import { applyFolds } from "./folds.ts";
import type { ImportedModel } from "./imported_model.ts";
import { refused } from "./refused.ts";
import type { Recognised } from "./recognised.ts";

/**
 * A recognised decoder with its weights.
 *
 * @param root the group of the weights in the file
 * @throws {RangeError} naming a layer whose arrays do not have the decoder's number, shapes or finite
 * numbers, or an array that no part of the decoder uses
 */
export function readDecoder(
  found: Recognised,
  file: Hdf5File,
  arraysOf: ArraysOf,
  root: string,
): Omit<ImportedModel, "writer" | "untold"> {
  const { settings, vocabularySize, width, longest, notes } = found;
  const used = new Set<string>();
  const weights = readWeights(file, (layer) => {
    const arrays = arraysOf(layer);
    arrays.forEach(({ path }) => used.add(path.replace(/^\//, "")));
    return arrays;
  }, found);
  const other = allArrays(file, root).find((path) => !used.has(path));
  if (other !== undefined) {
    throw new RangeError(
      `the file has an array ${other} that no layer of the ${settings.kind} decoder uses`,
    );
  }
  return {
    settings,
    weights,
    vocabularySize,
    longest,
    featureShape: [width],
    notes: [...notes, ...precisionNotes(found)],
  };
}

function readWeights(file: Hdf5File, arraysOf: ArraysOf, found: Recognised): Weights {
  const { settings, vocabularySize, width, folds = [], doubled } = found;
  const { weightShapes } = createDecoder(settings, { vocabularySize, featureShape: [width] });
  const weights: Weights = new Map();
  for (const { layer, names } of found.arrays) {
    const arrays = arraysOf(layer);
    if (arrays.length !== names.length) {
      throw refused(layer, `has ${arrays.length} arrays in the file, not ${names.length}`);
    }
    names.forEach((name, i) => {
      const shape = [...weightShapes.get(name)!];
      const stored = name === doubled ? [shape[0] / 2, ...shape.slice(1)] : shape;
      const { path, shape: there } = arrays[i];
      if (`${there}` !== `${stored}`) {
        throw refused(layer, `has the array ${path} of shape [${there}], not [${stored}]`);
      }
      const data = finite(file, layer, path);
      if (name !== doubled) weights.set(name, { shape, data });
      else {
        const both = new Float32Array(2 * data.length);
        both.set(data);
        weights.set(name, { shape, data: both });
      }
    });
  }
  applyFolds(folds, weights, (norm) => arraysOf(norm).map(({ path }) => finite(file, norm, path)));
  return new Map([...weightShapes.keys()].map((name) => [name, weights.get(name)!]));
}

function finite(file: Hdf5File, layer: KerasLayer, path: string): Float32Array {
  const data = file.read(path);
  if (data.every(Number.isFinite)) return data;
  throw refused(layer, `has the array ${path} with numbers that are not finite`);
}

/** A note where Keras used another number type than float32. */
function precisionNotes({ arrays }: Recognised): string[] {
  const types = new Set(arrays.map(({ layer }) => {
    const { dtype } = layer.config;
    if (typeof dtype !== "object" || dtype === null) return String(dtype ?? "float32");
    return String((dtype as { config: { name: unknown } }).config.name);
  }));
  types.delete("float32");
  if (types.size === 0) return [];
  return [
    `Keras calculated in ${[...types].join(" and ")}, Showtell in float32: logits may differ by ` +
    "rounding",
  ];
}
