import type * as tf from "@tensorflow/tfjs";
import { type Architecture, checkLayer, layersUntil } from "./architecture.ts";

/**
 * Shape of a photo's feature, without making the network: no engine is needed, and no weights.
 *
 * @param cut the layer whose output is the feature, and the photos' sides in pixels; by default those
 * of the architecture
 * @throws {RangeError} if there is no such layer, or the image size does not go with it
 */
export function featureShapeOf(
  architecture: Architecture,
  cut: { layer?: string; imageSize?: number } = {},
): number[] {
  const { layer = architecture.defaultLayer, imageSize = architecture.defaultImageSize } = cut;
  checkLayer(architecture, layer, imageSize);
  return layerShapes(architecture, layer, imageSize).get(layer)!;
}

/** Names of the layers that give features of this shape, in the network's order. */
export function layersOfShape(architecture: Architecture, shape: readonly number[]): string[] {
  const last = architecture.layers.at(-1)!.name;
  const shapes = layerShapes(architecture, last, architecture.defaultImageSize);
  return [...shapes].filter(([, found]) => String(found) === String(shape)).map(([name]) => name);
}

/** Shapes of a photo's outputs of all layers up to one, by name; no engine is needed. */
export function layerShapes(
  architecture: Architecture,
  layer: string,
  imageSize: number,
): Map<string, number[]> {
  const shapes = new Map<string, tf.Shape>([["input_1", [null, imageSize, imageSize, 3]]]);
  for (const { name, inputs, make } of layersUntil(architecture, layer)) {
    const taken = inputs.map((input) => shapes.get(input)!);
    const output = make(taken[0] as number[]).computeOutputShape(
      taken.length === 1 ? taken[0] : taken,
    );
    shapes.set(name, output as tf.Shape);
  }
  shapes.delete("input_1");
  return new Map([...shapes].map(([name, shape]) => [name, shape.slice(1) as number[]]));
}
