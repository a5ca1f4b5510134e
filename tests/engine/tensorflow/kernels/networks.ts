import * as tf from "@tensorflow/tfjs";
import { a, filter, gradient, image, type KernelCases, numbers, volume } from "./made_tensors.ts";

export const networks: KernelCases = {
  softmax: () => tf.softmax(a()),
  "softmax, gradient": gradient((x) => tf.softmax(x), a),
  logSoftmax: () => tf.logSoftmax(a()),
  "cross-entropy": () => tf.losses.softmaxCrossEntropy(tf.eye(3, 4), a()),
  dropout: () => tf.dropout(a(), 0),
  batchNorm: () =>
    tf.batchNorm(image(), tf.zeros([3]), tf.ones([3]), numbers([3]), numbers([3], 1, 2)),
  localResponseNormalization: () => tf.localResponseNormalization(image(), 2),
  "localResponseNormalization, gradient": gradient(
    (x) => tf.localResponseNormalization(x as tf.Tensor4D, 2),
    image,
  ),
  "conv1d": () =>
    tf.conv1d(numbers([1, 6, 2]) as tf.Tensor3D, numbers([3, 2, 2]) as tf.Tensor3D, 1, "same"),
  ...Object.fromEntries(
    (["same", "valid"] as const).flatMap((pad) => [1, 2].map((stride) => [pad, stride] as const))
      .flatMap(([pad, stride]): [string, () => tf.Tensor | tf.Tensor[]][] => [
        [`conv2d, ${pad}, stride ${stride}`, () => tf.conv2d(image(), filter(), stride, pad)],
        [
          `conv2d, ${pad}, stride ${stride}, gradients`,
          () =>
            tf.grads((x, w) =>
              tf.sum(tf.square(tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, stride, pad)))
            )([image(), filter()]),
        ],
      ]),
  ),
  "conv2d, padded by hand": () => tf.conv2d(image(), filter(), 2, [[0, 0], [1, 0], [0, 1], [0, 0]]),
  "conv2d, dilated": () => tf.conv2d(image(), filter(), 1, "same", "NHWC", 2),
  conv2dTranspose: () =>
    tf.conv2dTranspose(
      numbers([1, 3, 3, 2]) as tf.Tensor4D,
      numbers([3, 3, 4, 2]) as tf.Tensor4D,
      [
        1,
        6,
        6,
        4,
      ],
      2,
      "same",
    ),
  "fused.conv2d": () =>
    tf.fused.conv2d({
      x: image(),
      filter: filter(),
      strides: 1,
      pad: "same",
      bias: numbers([4]),
      activation: "relu",
    }),
  depthwiseConv2d: () =>
    tf.depthwiseConv2d(image(), numbers([3, 3, 3, 2]) as tf.Tensor4D, 1, "same"),
  "depthwiseConv2d, gradients": () =>
    tf.grads((x, w) =>
      tf.sum(tf.square(tf.depthwiseConv2d(x as tf.Tensor4D, w as tf.Tensor4D, 1, "valid")))
    )([image(), numbers([3, 3, 3, 2])]),
  "fused.depthwiseConv2d": () =>
    tf.fused.depthwiseConv2d({
      x: image(),
      filter: numbers([3, 3, 3, 1]) as tf.Tensor4D,
      strides: 1,
      pad: "same",
      bias: numbers([3]),
      activation: "relu6",
    }),
  separableConv2d: () =>
    tf.separableConv2d(
      image(),
      numbers([3, 3, 3, 1]) as tf.Tensor4D,
      numbers([1, 1, 3, 2]) as tf.Tensor4D,
      1,
      "same",
    ),
  conv3d: () => tf.conv3d(volume(), numbers([2, 2, 2, 2, 3]) as tf.Tensor5D, 1, "same"),
  "conv3d, gradients": () =>
    tf.grads((x, w) =>
      tf.sum(tf.square(tf.conv3d(x as tf.Tensor5D, w as tf.Tensor5D, 1, "valid")))
    )([volume(), numbers([2, 2, 2, 2, 3])]),
  "pooling, maximum and average": () => [
    tf.maxPool(image(), 2, 2, "same"),
    tf.maxPool(image(), 3, 1, "valid"),
    tf.avgPool(image(), 2, 2, "same"),
  ],
  "maxPool, gradient": gradient((x) => tf.maxPool(x as tf.Tensor4D, 2, 2, "valid"), image),
  "avgPool, gradient": gradient((x) => tf.avgPool(x as tf.Tensor4D, 2, 2, "valid"), image),
  "3-D pooling": () => [
    tf.maxPool3d(volume(), 2, 2, "valid"),
    tf.avgPool3d(volume(), 2, 2, "valid"),
  ],
  "maxPool3d, gradient": gradient((x) => tf.maxPool3d(x as tf.Tensor5D, 2, 2, "valid"), volume),
  "avgPool3d, gradient": gradient((x) => tf.avgPool3d(x as tf.Tensor5D, 2, 2, "valid"), volume),
  dilation2d: () => tf.dilation2d(image(), numbers([2, 2, 3]) as tf.Tensor3D, 1, "same"),
  "dilation2d, gradients": () =>
    tf.grads((x, w) => tf.sum(tf.dilation2d(x as tf.Tensor4D, w as tf.Tensor3D, 1, "valid")))([
      image(),
      numbers([2, 2, 3]),
    ]),
};
