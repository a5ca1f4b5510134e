import * as tf from "@tensorflow/tfjs";
import type { Architecture, LayerSpec } from "./architecture.ts";
import { minusOneToOne } from "./preprocessing.ts";

/** Expansion, filters, stride of each of the 17 blocks (table 2 of the paper). */
const blocks = [
  [1, 16, 1],
  ...repeated(6, 24, 2, 2),
  ...repeated(6, 32, 3, 2),
  ...repeated(6, 64, 4, 2),
  ...repeated(6, 96, 3, 1),
  ...repeated(6, 160, 3, 2),
  [6, 320, 1],
];

function repeated(expansion: number, filters: number, times: number, stride: number): number[][] {
  return Array.from({ length: times }, (_, i) => [expansion, filters, i === 0 ? stride : 1]);
}

/** MobileNetV2 (Sandler et al., 2018), alpha 1.0, as in keras.applications. */
export const mobilenetV2: Architecture = {
  kind: "mobilenet_v2",
  layers: layers(),
  defaultLayer: "global_average_pooling2d",
  defaultImageSize: 224,
  smallestImageSize: 32,
  fixedSizeLayers: [],
  preprocessing: minusOneToOne,
  aliases: { Logits: "predictions" },
  official: {
    base: "https://storage.googleapis.com/tensorflow/keras-applications/mobilenet_v2/",
    // Keras publishes no checksum of these.
    top: { file: "mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.0_224.h5" },
    noTop: {
      file: "mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.0_224_no_top.h5",
      until: "global_average_pooling2d",
    },
  },
};

function layers(): LayerSpec[] {
  const specs: LayerSpec[] = [];
  let last = "input_1";
  const add = (name: string, weighted: boolean, make: LayerSpec["make"], inputs = [last]) => {
    specs.push({ name, inputs, weighted, make });
    last = name;
  };
  const convolve = (name: string, filters: number, kernelSize = 1, strides = 1) =>
    add(name, true, () =>
      tf.layers.conv2d({
        name,
        filters,
        kernelSize,
        strides,
        padding: "same",
        useBias: false,
        kernelInitializer: "zeros",
      }));
  // Keras' correct_pad for a kernel of 3 and a stride of 2: even sizes get nothing at top and left.
  const pad = (name: string) =>
    add(
      name,
      false,
      ([, height, width]) =>
        tf.layers.zeroPadding2d({ name, padding: [[height % 2, 1], [width % 2, 1]] }),
    );
  const normalise = (name: string) =>
    add(name, true, () => tf.layers.batchNormalization({ name, epsilon: 1e-3, momentum: 0.999 }));
  const relu6 = (name: string) => add(name, false, () => tf.layers.reLU({ name, maxValue: 6 }));

  convolve("Conv1", 32, 3, 2);
  normalise("bn_Conv1");
  relu6("Conv1_relu");
  let channels = 32;
  blocks.forEach(([expansion, filters, stride], i) => {
    const prefix = i === 0 ? "expanded_conv_" : `block_${i}_`;
    const before = last;
    if (i > 0) {
      convolve(`${prefix}expand`, expansion * channels);
      normalise(`${prefix}expand_BN`);
      relu6(`${prefix}expand_relu`);
    }
    if (stride === 2) pad(`${prefix}pad`);
    const name = `${prefix}depthwise`;
    add(name, true, () =>
      tf.layers.depthwiseConv2d({
        name,
        kernelSize: 3,
        strides: stride,
        padding: stride === 2 ? "valid" : "same",
        useBias: false,
        depthwiseInitializer: "zeros",
      }));
    normalise(`${prefix}depthwise_BN`);
    relu6(`${prefix}depthwise_relu`);
    convolve(`${prefix}project`, filters);
    normalise(`${prefix}project_BN`);
    if (stride === 1 && channels === filters) {
      add(`${prefix}add`, false, () => tf.layers.add({ name: `${prefix}add` }), [before, last]);
    }
    channels = filters;
  });
  convolve("Conv_1", 1280);
  normalise("Conv_1_bn");
  relu6("out_relu");
  const pooling = "global_average_pooling2d";
  add(pooling, false, () => tf.layers.globalAveragePooling2d({ name: pooling }));
  add("predictions", true, () =>
    tf.layers.dense({
      name: "predictions",
      units: 1000,
      activation: "softmax",
      kernelInitializer: "zeros",
    }));
  return specs;
}
