import type { Architecture, LayerSpec } from "./architecture.ts";
import { LayerList } from "./layer_list.ts";
import { caffe } from "./preprocessing.ts";

/** ResNet50 (He et al., 2016) as in keras.applications, where the first convolution strides. */
export const resnet50: Architecture = {
  kind: "resnet50",
  layers: layers(),
  defaultLayer: "avg_pool",
  defaultImageSize: 224,
  smallestImageSize: 32,
  fixedSizeLayers: [],
  preprocessing: caffe,
  aliases: {},
  official: {
    base: "https://storage.googleapis.com/tensorflow/keras-applications/resnet/",
    top: {
      file: "resnet50_weights_tf_dim_ordering_tf_kernels.h5",
      md5: "2cb95161c43110f7111970584f804107",
    },
    noTop: {
      file: "resnet50_weights_tf_dim_ordering_tf_kernels_notop.h5",
      md5: "4d473c1dd8becc155b73f8504c6f6626",
      until: "avg_pool",
    },
  },
};

function layers(): LayerSpec[] {
  const list = new LayerList();
  const convolve = (
    input: string,
    name: string,
    filters: number,
    kernelSize: number,
    strides = 1,
    padding: "same" | "valid" = "valid",
  ) => {
    const options = { name: `${name}_conv`, filters, kernelSize, strides, padding };
    const convolved = list.conv2d(input, options);
    return list.batchNormalization(convolved, { name: `${name}_bn`, epsilon: 1.001e-5 });
  };
  /** A bottleneck of three convolutions beside a shortcut; the first of a stage changes the width. */
  const block = (input: string, name: string, filters: number, strides: number, first: boolean) => {
    const shortcut = first ? convolve(input, `${name}_0`, 4 * filters, 1, strides) : input;
    let x = list.relu(convolve(input, `${name}_1`, filters, 1, strides), `${name}_1_relu`);
    x = list.relu(convolve(x, `${name}_2`, filters, 3, 1, "same"), `${name}_2_relu`);
    x = convolve(x, `${name}_3`, 4 * filters, 1);
    return list.relu(list.add([shortcut, x], `${name}_add`), `${name}_out`);
  };

  let x = list.zeroPadding2d("input_1", 3, "conv1_pad");
  x = list.relu(convolve(x, "conv1", 64, 7, 2), "conv1_relu");
  x = list.zeroPadding2d(x, 1, "pool1_pad");
  x = list.maxPooling2d(x, { name: "pool1_pool", strides: 2, padding: "valid" });
  [[64, 3], [128, 4], [256, 6], [512, 3]].forEach(([filters, blocks], stage) => {
    for (let i = 1; i <= blocks; i++) {
      const strides = stage > 0 && i === 1 ? 2 : 1;
      x = block(x, `conv${stage + 2}_block${i}`, filters, strides, i === 1);
    }
  });
  list.classifier(x);
  return list.specs;
}
