import * as tf from "@tensorflow/tfjs";
import type { Architecture, LayerSpec } from "./architecture.ts";
import { minusOneToOne } from "./preprocessing.ts";

/**
 * A small network of our own for the drawn photos of the default data set: four convolutions, then
 * what is there (global maximum) and where (a 3 × 3 grid of averages), mixed into 160 features.
 *
 * Its weights are made by `tasks/train_shapes_encoder.ts`.
 */
export const shapesCnn: Architecture = {
  kind: "shapes_cnn",
  layers: layers(),
  defaultLayer: "features",
  defaultImageSize: 96,
  smallestImageSize: 32,
  fixedSizeLayers: ["where", "where_flat", "what_and_where", "features"],
  preprocessing: minusOneToOne,
  aliases: {},
  builtin: "shapes_cnn.safetensors",
};

function layers(): LayerSpec[] {
  const convolve = (
    name: string,
    input: string,
    filters: number,
    kernelSize: number,
    strides = 1,
  ) =>
    spec(name, [input], true, () =>
      tf.layers.conv2d({
        name,
        filters,
        kernelSize,
        strides,
        padding: "same",
        activation: "relu",
        kernelInitializer: "zeros",
      }));
  const pool = (name: string, input: string) =>
    spec(name, [input], false, () => tf.layers.maxPooling2d({ name, poolSize: 2 }));
  return [
    convolve("conv1", "input_1", 24, 5, 2), // [48, 48, 24]
    convolve("conv2", "conv1", 32, 3),
    pool("pool2", "conv2"), // [24, 24, 32]
    convolve("conv3", "pool2", 64, 3),
    pool("pool3", "conv3"), // [12, 12, 64]
    convolve("conv4", "pool3", 96, 3), // [12, 12, 96]
    spec("what", ["conv4"], false, () => tf.layers.globalMaxPooling2d({ name: "what" })), // [96]
    convolve("place", "conv4", 16, 1), // [12, 12, 16]
    spec(
      "where",
      ["place"],
      false,
      () => tf.layers.averagePooling2d({ name: "where", poolSize: 4 }),
    ), // [3, 3, 16]
    spec("where_flat", ["where"], false, () => tf.layers.flatten({ name: "where_flat" })), // [144]
    spec(
      "what_and_where",
      ["what", "where_flat"],
      false,
      () => tf.layers.concatenate({ name: "what_and_where" }),
    ), // [240]
    spec("features", ["what_and_where"], true, () =>
      tf.layers.dense({
        name: "features",
        units: 160,
        activation: "relu",
        kernelInitializer: "zeros",
      })),
  ];
}

function spec(
  name: string,
  inputs: string[],
  weighted: boolean,
  make: LayerSpec["make"],
): LayerSpec {
  return { name, inputs, weighted, make };
}
