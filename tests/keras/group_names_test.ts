import { groupNames } from "../../lib/keras/mod.ts";
import { assertEquals } from "../assert.ts";

Deno.test("groupNames() numbers each class in its order, as Keras 3 spells it", () => {
  const classes = ["Conv2D", "BatchNormalization", "Conv2D", "SeparableConv2D", "Conv2D", "Dense"];
  assertEquals(groupNames(classes), [
    "conv2d",
    "batch_normalization",
    "conv2d_1",
    "separable_conv2d",
    "conv2d_2",
    "dense",
  ]);
  assertEquals(groupNames(["GlobalAveragePooling1D", "DepthwiseConv2D", "LSTM", "ReLU"]), [
    "global_average_pooling1d",
    "depthwise_conv2d",
    "lstm",
    "re_lu",
  ]);
});
