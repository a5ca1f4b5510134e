import * as tf from "@tensorflow/tfjs";
import { architectures, buildModel } from "../../../lib/encoders/mod.ts";
import { assertEquals, assertThrows } from "../../assert.ts";

await tf.setBackend("cpu");

/** A layer's output shape for one photo, without ever allocating weights for more than it needs. */
function shapeOf(kind: string, layer?: string, imageSize?: number): number[] {
  const model = buildModel(architectures[kind], layer, imageSize);
  const shape = model.outputs[0].shape.slice(1) as number[];
  model.dispose();
  return shape;
}

Deno.test("buildModel() gives VGG16's layers Keras' shapes", () => {
  assertEquals(shapeOf("vgg16", "block1_conv1"), [224, 224, 64]);
  assertEquals(shapeOf("vgg16", "block3_pool"), [28, 28, 256]);
  assertEquals(shapeOf("vgg16", "block5_conv3"), [14, 14, 512]);
  assertEquals(shapeOf("vgg16", "block5_pool"), [7, 7, 512]);
  assertEquals(shapeOf("vgg16", "block5_pool", 96), [3, 3, 512]);
  assertEquals(shapeOf("vgg16", "block5_pool", 33), [1, 1, 512]);
});

Deno.test("buildModel() gives MobileNetV2's layers Keras' shapes", () => {
  assertEquals(shapeOf("mobilenet_v2"), [1280]);
  assertEquals(shapeOf("mobilenet_v2", "Conv1_relu"), [112, 112, 32]);
  assertEquals(shapeOf("mobilenet_v2", "block_1_pad"), [113, 113, 96]);
  assertEquals(shapeOf("mobilenet_v2", "block_6_depthwise"), [14, 14, 192]);
  assertEquals(shapeOf("mobilenet_v2", "block_13_project_BN"), [7, 7, 160]);
  assertEquals(shapeOf("mobilenet_v2", "out_relu"), [7, 7, 1280]);
  assertEquals(shapeOf("mobilenet_v2", "predictions"), [1000]);
  assertEquals(shapeOf("mobilenet_v2", "out_relu", 96), [3, 3, 1280]);
  assertEquals(shapeOf("mobilenet_v2", "block_1_pad", 97), [51, 51, 96]); // odd: pad on both sides
});

Deno.test("buildModel() gives the layers of Xception, InceptionV3 and ResNet50 Keras' shapes", () => {
  assertEquals(shapeOf("xception"), [2048]);
  assertEquals(shapeOf("xception", "block1_conv1"), [149, 149, 32]);
  assertEquals(shapeOf("xception", "block2_pool"), [74, 74, 128]);
  assertEquals(shapeOf("xception", "add_11"), [10, 10, 1024]);
  assertEquals(shapeOf("xception", "block14_sepconv2_act", 71), [3, 3, 2048]);
  assertEquals(shapeOf("inception_v3"), [2048]);
  assertEquals(shapeOf("inception_v3", "max_pooling2d_1"), [35, 35, 192]);
  assertEquals(shapeOf("inception_v3", "mixed0"), [35, 35, 256]);
  assertEquals(shapeOf("inception_v3", "mixed8"), [8, 8, 1280]);
  assertEquals(shapeOf("inception_v3", "mixed9_0"), [8, 8, 768]);
  assertEquals(shapeOf("inception_v3", "mixed10", 75), [1, 1, 2048]);
  assertEquals(shapeOf("resnet50"), [2048]);
  assertEquals(shapeOf("resnet50", "conv1_pad"), [230, 230, 3]);
  assertEquals(shapeOf("resnet50", "pool1_pool"), [56, 56, 64]);
  assertEquals(shapeOf("resnet50", "conv3_block1_0_bn"), [28, 28, 512]);
  assertEquals(shapeOf("resnet50", "conv5_block3_out", 32), [1, 1, 2048]);
});

Deno.test("buildModel() has Keras' number of parameters", () => {
  const model = buildModel(architectures.mobilenet_v2, "predictions");
  assertEquals(model.countParams(), 3_538_984);
  model.dispose();
  const wholes = { xception: 22_910_480, inception_v3: 23_851_784, resnet50: 25_636_712 };
  for (const [kind, parameters] of Object.entries(wholes)) {
    const whole = buildModel(architectures[kind], "predictions");
    assertEquals(whole.countParams(), parameters);
    whole.dispose();
  }
  const convolutions = buildModel(architectures.vgg16, "block5_pool");
  assertEquals(convolutions.countParams(), 14_714_688);
  convolutions.dispose();
});

Deno.test("buildModel() names its layers as Keras does, in its order", () => {
  const names = (kind: string) => architectures[kind].layers.map(({ name }) => name);
  assertEquals(names("vgg16").length, 22);
  assertEquals(names("vgg16").slice(-6), [
    "block5_conv3",
    "block5_pool",
    "flatten",
    "fc1",
    "fc2",
    "predictions",
  ]);
  const mobile = names("mobilenet_v2");
  assertEquals(mobile.length, 155); // 156 with the input
  assertEquals(mobile.slice(0, 3), ["Conv1", "bn_Conv1", "Conv1_relu"]);
  assertEquals(mobile.slice(3, 8), [
    "expanded_conv_depthwise",
    "expanded_conv_depthwise_BN",
    "expanded_conv_depthwise_relu",
    "expanded_conv_project",
    "expanded_conv_project_BN",
  ]);
  assertEquals(mobile.slice(8, 17), [
    "block_1_expand",
    "block_1_expand_BN",
    "block_1_expand_relu",
    "block_1_pad",
    "block_1_depthwise",
    "block_1_depthwise_BN",
    "block_1_depthwise_relu",
    "block_1_project",
    "block_1_project_BN",
  ]);
  assertEquals(mobile.filter((name) => name.endsWith("_add")).length, 10);
  assertEquals(mobile.slice(-5), [
    "Conv_1",
    "Conv_1_bn",
    "out_relu",
    "global_average_pooling2d",
    "predictions",
  ]);
});

Deno.test("buildModel() counts layers without a name as Keras does in a new process", () => {
  const names = (kind: string) => architectures[kind].layers.map(({ name }) => name);
  const xception = names("xception"); // as many as Keras has without the input, here and below
  assertEquals(xception.length, 133);
  const numbered = xception.filter((name) => /^(conv2d|batch_norm)/.test(name)).join(" ");
  assertEquals(
    numbered,
    "conv2d batch_normalization conv2d_1 batch_normalization_1 " +
      "conv2d_2 batch_normalization_2 conv2d_3 batch_normalization_3",
  );
  const inception = names("inception_v3");
  assertEquals(inception.length, 312);
  assertEquals(inception.at(-3), "mixed10");
  for (const last of ["conv2d_93", "activation_93", "average_pooling2d_8", "max_pooling2d_3"]) {
    assertEquals(inception.includes(last), true, last);
  }
  assertEquals(names("resnet50").length, 176);
});

Deno.test("buildModel() names near layers where there is none of that name", () => {
  const error = assertThrows(
    () => buildModel(architectures.vgg16, "block5_conv4"),
    RangeError,
    'vgg16 has no layer "block5_conv4"',
  );
  for (const near of ["block5_conv3", "block5_conv2", "block5_conv1"]) {
    assertEquals(error.message.includes(`"${near}"`), true);
  }
  assertThrows(() => buildModel(architectures.mobilenet_v2, "Out_ReLU"), RangeError, '"out_relu"');
});

Deno.test("buildModel() refuses image sizes that a layer's weights do not fit", () => {
  assertThrows(() => buildModel(architectures.vgg16, "fc2", 96), RangeError, '"block5_pool"');
  assertThrows(() => buildModel(architectures.vgg16, "block5_pool", 31), RangeError, "needs 32");
  const smallest = { xception: 71, inception_v3: 75, resnet50: 32 };
  for (const [kind, size] of Object.entries(smallest)) {
    const build = () => buildModel(architectures[kind], undefined, size - 1);
    assertThrows(build, RangeError, `needs ${size}`);
    assertEquals(shapeOf(kind, undefined, size), [2048]);
  }
  assertThrows(() => buildModel(architectures.shapes_cnn, "features", 64), RangeError, '"place"');
});

Deno.test("buildModel() leaves no tensors when the model is disposed of", () => {
  const before = tf.memory().numTensors;
  buildModel(architectures.mobilenet_v2).dispose();
  assertEquals(tf.memory().numTensors, before);
});
