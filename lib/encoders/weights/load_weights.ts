import * as tf from "@tensorflow/tfjs";
import type { Architecture } from "../architectures/architecture.ts";
import type { Listener } from "../../progress/mod.ts";
import { matchWeights } from "./match_weights.ts";
import type { WantedLayer } from "./weight_match.ts";
import type { WeightSource } from "./weight_source.ts";

/** Numbers of a weight whose second copy is worth an operation; all others of a network are few MB. */
const LARGE = 1 << 18;

/**
 * Puts a source's weights into a network, one layer at a time.
 *
 * @throws {RangeError} if names or shapes differ, the network being unchanged then, or a number is not
 * finite
 */
export async function loadWeights(
  model: tf.LayersModel,
  architecture: Architecture,
  source: WeightSource,
  { onProgress = () => {}, say = () => {} }: Listener = {},
): Promise<void> {
  const layers = model.layers.filter(({ weights }) => weights.length > 0);
  const match = matchWeights(architecture, layers.map(wantedOf), source, say);
  for (const note of source.notes ?? []) say(note);
  for (const [done, layer] of layers.entries()) {
    const { layer: index, arrays } = match.get(layer.name)!;
    const tensors: tf.Tensor[] = [];
    try {
      for (const [i, array] of arrays.entries()) {
        const values = await source.read(index, array);
        if (!areFinite(values)) throw notFinite(source, layer, i);
        tensors.push(tf.tensor(values, layer.weights[i].shape as number[], "float32"));
      }
      layer.setWeights(tensors);
    } finally {
      tf.dispose(tensors);
    }
    // Once an operation has used it, TensorFlow has its own copy and the JavaScript array is freed.
    for (const weight of layer.weights) {
      if (tf.util.sizeFromShape(weight.shape as number[]) < LARGE) continue;
      const value = weight.read();
      tf.slice(value, value.shape.map(() => 0), value.shape.map(() => 1)).dispose();
    }
    onProgress("Weights", done + 1, layers.length);
  }
}

function areFinite(values: Float32Array): boolean {
  for (let i = 0; i < values.length; i++) { // a callback per number would take long
    if (!Number.isFinite(values[i])) return false;
  }
  return true;
}

function notFinite({ label }: WeightSource, layer: tf.layers.Layer, array: number): RangeError {
  return new RangeError(
    `${label} has NaN or infinity in ${
      wantedOf(layer).arrays[array].name
    } of layer "${layer.name}", so ` +
      "that features would mean nothing: give a file saved before its training diverged",
  );
}

/** A layer's own list of its arrays: names without the layer's, shapes. */
export function wantedOf(layer: tf.layers.Layer): WantedLayer {
  const arrays = layer.weights.map(({ originalName, shape }) => ({
    name: originalName.slice(originalName.lastIndexOf("/") + 1),
    shape: shape as number[],
  }));
  return { name: layer.name, arrays };
}
