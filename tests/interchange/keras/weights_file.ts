import type { Group } from "h5wasm";
import { makeHdf5 } from "../../../lib/storage/mod.ts";

/** A layer's name and arrays, by Keras' names. */
export type MadeLayer = [name: string, arrays: Record<string, number[]>];

/** A file of weights alone as Keras 2 writes it; numbers count up in steps of 0.01. */
export async function namedWeights(
  layers: readonly MadeLayer[],
  { version = "2.15.0", fill }: { version?: string; fill?: number } = {},
): Promise<Uint8Array> {
  return await makeHdf5((root) => {
    root.create_attribute("keras_version", version);
    listOf(root, "layer_names", layers.map(([name]) => name));
    for (const [name, arrays] of layers) {
      const group = root.create_group(name);
      const names = Object.keys(arrays).map((array) => `${name}/${array}:0`);
      listOf(group, "weight_names", names);
      if (names.length === 0) continue;
      const inner = group.create_group(name);
      for (const [array, shape] of Object.entries(arrays)) {
        inner.create_dataset({ name: `${array}:0`, shape, data: numbers(shape, fill) });
      }
    }
  });
}

/** The same as Keras 3 writes it; a recurrent layer has its arrays in its cell. */
export async function numberedWeights(layers: readonly MadeLayer[]): Promise<Uint8Array> {
  return await makeHdf5((file) => {
    const root = file.create_group("layers");
    for (const [name, arrays] of layers) {
      const group = root.create_group(name);
      const cell = "recurrent_kernel" in arrays ? group.create_group("cell") : group;
      const vars = cell.create_group("vars");
      Object.values(arrays).forEach((shape, i) =>
        vars.create_dataset({ name: `${i}`, shape, data: numbers(shape) })
      );
    }
  });
}

function numbers(shape: readonly number[], fill?: number): Float32Array {
  const size = shape.reduce((product, side) => product * side, 1);
  return Float32Array.from({ length: size }, (_, i) => fill ?? (i % 7 - 3) / 10);
}

function listOf(group: Group, name: string, texts: readonly string[]): void {
  if (texts.length === 0) group.create_attribute(name, new Float64Array(), [0], "<d");
  else {
    const longest = Math.max(...texts.map((text) => text.length));
    group.create_attribute(name, [...texts], [texts.length], `A${longest}`);
  }
}
