import type { Architecture, LayerSpec } from "./architecture.ts";
import { LayerList } from "./layer_list.ts";
import { minusOneToOne } from "./preprocessing.ts";

/** Xception (Chollet, 2017) as in keras.applications. */
export const xception: Architecture = {
  kind: "xception",
  layers: layers(),
  defaultLayer: "avg_pool",
  defaultImageSize: 299,
  smallestImageSize: 71,
  fixedSizeLayers: [],
  preprocessing: minusOneToOne,
  aliases: {},
  official: {
    base: "https://storage.googleapis.com/tensorflow/keras-applications/xception/",
    top: {
      file: "xception_weights_tf_dim_ordering_tf_kernels.h5",
      md5: "0a58e3b7378bc2990ea3b43d5981f1f6",
    },
    noTop: {
      file: "xception_weights_tf_dim_ordering_tf_kernels_notop.h5",
      md5: "b0042744bf5b25fce3cb969f33bebb97",
      until: "avg_pool",
    },
  },
};

function layers(): LayerSpec[] {
  const list = new LayerList();
  const first = (input: string, name: string, filters: number, strides: number) => {
    const options = { name, filters, kernelSize: 3, strides, useBias: false };
    const x = list.conv2d(input, { ...options, padding: "valid" });
    return list.relu(list.batchNormalization(x, { name: `${name}_bn` }), `${name}_act`);
  };
  const separable = (input: string, name: string, filters: number) => {
    const options = { name, filters, kernelSize: 3, useBias: false };
    const x = list.separableConv2d(input, { ...options, padding: "same" });
    return list.batchNormalization(x, { name: `${name}_bn` });
  };
  /** Keras gives neither of the two a name. */
  const shortcut = (input: string, filters: number) => {
    const options = { filters, kernelSize: 1, strides: 2, useBias: false };
    return list.batchNormalization(list.conv2d(input, { ...options, padding: "same" }));
  };
  /** Halves the sides: two separable convolutions and a maximum beside a strided convolution. */
  const reduce = (input: string, name: string, middle: number, filters: number) => {
    const around = shortcut(input, filters);
    // Block 2 comes after a ReLU already.
    let x = name === "block2" ? input : list.relu(input, `${name}_sepconv1_act`);
    x = list.relu(separable(x, `${name}_sepconv1`, middle), `${name}_sepconv2_act`);
    x = separable(x, `${name}_sepconv2`, filters);
    x = list.maxPooling2d(x, { name: `${name}_pool`, strides: 2, padding: "same" });
    return list.add([x, around]);
  };

  let x = first("input_1", "block1_conv1", 32, 2);
  x = first(x, "block1_conv2", 64, 1);
  x = reduce(x, "block2", 128, 128);
  x = reduce(x, "block3", 256, 256);
  x = reduce(x, "block4", 728, 728);
  for (let block = 5; block <= 12; block++) {
    const before = x;
    for (let i = 1; i <= 3; i++) {
      const name = `block${block}_sepconv${i}`;
      x = separable(list.relu(x, `${name}_act`), name, 728);
    }
    x = list.add([x, before]);
  }
  x = reduce(x, "block13", 728, 1024);
  x = list.relu(separable(x, "block14_sepconv1", 1536), "block14_sepconv1_act");
  x = list.relu(separable(x, "block14_sepconv2", 2048), "block14_sepconv2_act");
  list.classifier(x);
  return list.specs;
}
