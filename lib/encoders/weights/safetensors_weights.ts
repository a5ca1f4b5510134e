import { decodeSafetensors } from "../../safetensors/mod.ts";
import { sha256 } from "../../storage/mod.ts";
import type { SourceLayer, WeightSource } from "./weight_source.ts";

/** Weights in a small safetensors file, 16 or 32 bits each, named `layer/array`. */
export async function safetensorsWeights(url: URL): Promise<WeightSource> {
  const bytes = await Deno.readFile(url);
  const name = url.pathname.slice(url.pathname.lastIndexOf("/") + 1);
  const { tensors } = decodeSafetensors(bytes, name);
  const layers: SourceLayer[] = [];
  for (const [path, { shape }] of tensors) {
    const layer = path.slice(0, path.lastIndexOf("/"));
    let found = layers.find(({ name }) => name === layer);
    if (found === undefined) layers.push(found = { name: layer, arrays: [] });
    found.arrays.push({ name: path, shape });
  }
  return {
    label: name,
    digest: sha256(bytes),
    layers,
    read: (layer, array) => {
      const { data } = tensors.get(layers[layer].arrays[array].name!)!;
      return Float32Array.from(data as Float32Array);
    },
    close() {},
  };
}
