import * as tf from "@tensorflow/tfjs";
import type { Architecture, LayerSpec } from "./architecture.ts";
import { caffe } from "./preprocessing.ts";

/** VGG16 (Simonyan and Zisserman, 2015, configuration D) as in keras.applications. */
export const vgg16: Architecture = {
  kind: "vgg16",
  layers: layers(),
  defaultLayer: "fc2",
  defaultImageSize: 224,
  smallestImageSize: 32,
  fixedSizeLayers: ["flatten", "fc1", "fc2", "predictions"],
  preprocessing: caffe,
  aliases: {},
  official: {
    base: "https://storage.googleapis.com/tensorflow/keras-applications/vgg16/",
    top: {
      file: "vgg16_weights_tf_dim_ordering_tf_kernels.h5",
      md5: "64373286793e3c8b2b4e3219cbf3544b",
    },
    noTop: {
      file: "vgg16_weights_tf_dim_ordering_tf_kernels_notop.h5",
      md5: "6d6bbae143d832006294945121d1f1fc",
      until: "block5_pool",
    },
  },
};

function layers(): LayerSpec[] {
  const specs: LayerSpec[] = [];
  let last = "input_1";
  const add = (name: string, weighted: boolean, make: LayerSpec["make"]) => {
    specs.push({ name, inputs: [last], weighted, make });
    last = name;
  };
  [[64, 2], [128, 2], [256, 3], [512, 3], [512, 3]].forEach(([filters, convolutions], i) => {
    for (let j = 1; j <= convolutions; j++) {
      const name = `block${i + 1}_conv${j}`;
      add(name, true, () =>
        tf.layers.conv2d({
          name,
          filters,
          kernelSize: 3,
          padding: "same",
          activation: "relu",
          kernelInitializer: "zeros",
        }));
    }
    const name = `block${i + 1}_pool`;
    add(name, false, () => tf.layers.maxPooling2d({ name, poolSize: 2, strides: 2 }));
  });
  add("flatten", false, () => tf.layers.flatten({ name: "flatten" }));
  for (const [name, units] of [["fc1", 4096], ["fc2", 4096], ["predictions", 1000]] as const) {
    const activation = name === "predictions" ? "softmax" : "relu";
    add(
      name,
      true,
      () => tf.layers.dense({ name, units, activation, kernelInitializer: "zeros" }),
    );
  }
  return specs;
}
