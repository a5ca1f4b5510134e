import { fileOrders } from "../../../lib/encoders/weights/file_orders.ts";
import { kerasOrder } from "../../../lib/keras/mod.ts";
import { architectures, buildModel } from "../../../lib/encoders/mod.ts";
import { assert, assertEquals } from "../../assert.ts";

const namesOf = (kind: string, pattern: RegExp) =>
  kerasOrder(architectures[kind].layers, architectures[kind].layers.at(-1)!.name).map(({ name }) =>
    name
  ).filter((name) => pattern.test(name));

Deno.test("kerasOrder() puts parallel branches side by side, as Keras' model.layers does", () => {
  // Looked up in Keras 3.15.
  const numbers = namesOf("inception_v3", /^conv2d/).map((name) => name.slice("conv2d_".length));
  const first = "1 2 3 4 8 6 9 5 7 10 11 15 13 16 12 14 17 18 22 20 23 19 21".split(" ");
  assertEquals(numbers.slice(0, 24), ["", ...first]);
  assertEquals(namesOf("resnet50", /^conv2_block1/), [
    "conv2_block1_1_conv",
    "conv2_block1_1_bn",
    "conv2_block1_1_relu",
    "conv2_block1_2_conv",
    "conv2_block1_2_bn",
    "conv2_block1_2_relu",
    "conv2_block1_0_conv",
    "conv2_block1_3_conv",
    "conv2_block1_0_bn",
    "conv2_block1_3_bn",
    "conv2_block1_add",
    "conv2_block1_out",
  ]);
  assertEquals(namesOf("xception", /^(block2|conv2d$|batch_normalization$)/).slice(3), [
    "block2_sepconv2",
    "block2_sepconv2_bn",
    "conv2d",
    "block2_pool",
    "batch_normalization",
  ]);
});

Deno.test("kerasOrder() is the order of TF.js' layers, which was taken from Keras", () => {
  for (const [kind, { layers }] of Object.entries(architectures)) {
    const model = buildModel(architectures[kind], layers.at(-1)!.name);
    const names = model.layers.slice(1).map(({ name }) => name);
    assertEquals(kerasOrder(layers, layers.at(-1)!.name).map(({ name }) => name), names, kind);
    model.dispose();
  }
});

Deno.test("fileOrders() has the whole network, then its parts, none twice", () => {
  const orders = fileOrders(architectures.inception_v3)
    .map((order) => order.map(({ name }) => name));
  assertEquals(orders[0].length, 94 * 2 + 1);
  assertEquals(orders[1].length, 94 * 2); // without the classifier
  assert(orders.every(({ length }) => length <= orders[0].length));
  assertEquals(new Set(orders.map(String)).size, orders.length);
  assertEquals(fileOrders(architectures.vgg16).length, 16);
});
