import * as tf from "@tensorflow/tfjs";
import { encoderSettings } from "../../lib/config/mod.ts";
import { architectures, createEncoder } from "../../lib/encoders/mod.ts";
import { Random } from "../../lib/random/mod.ts";
import { assert, assertEquals, assertRejects, assertThrows } from "../assert.ts";

await tf.setBackend("cpu");

const small = { kind: "shapes_cnn", weights: "random", imageSize: 32, layer: "what" };
const random = new Random(2);
const size = 32 * 32 * 3;
const pixels = Uint8Array.from({ length: 70 * size }, () => random.integer(0, 256));

Deno.test("createEncoder() takes the settings' default layers", () => {
  const layers = Object.keys(architectures).map((kind) => {
    const { layer, imageSize, weights } = encoderSettings.parse({ kind });
    return [layer, imageSize, weights];
  });
  assertEquals(layers, [
    ["fc2", 224, "imagenet"],
    ["global_average_pooling2d", 224, "imagenet"],
    ["avg_pool", 299, "imagenet"],
    ["avg_pool", 299, "imagenet"],
    ["avg_pool", 224, "imagenet"],
    ["avg_pool", 224, "imagenet"],
    ["avg_pool", 240, "imagenet"],
    ["avg_pool", 260, "imagenet"],
    ["features", 96, "builtin"],
  ]);
  assertThrows(() => encoderSettings.parse({ kind: "vgg19" }), Error);
  assertThrows(() => encoderSettings.parse({ kind: "vgg16", layers: "fc1" }), Error);
});

Deno.test("Encoder.encode() gives each photo the same feature whatever stands beside it", async () => {
  const encoder = await createEncoder(encoderSettings.parse(small));
  assertEquals(encoder.featureShape, [96]);
  const together = await encoder.encode(pixels, 70);
  assertEquals(together.length, 70 * 96);
  for (const photo of [0, 1, 69]) {
    const alone = await encoder.encode(pixels.subarray(photo * size, (photo + 1) * size), 1);
    assertEquals([...alone], [...together.subarray(photo * 96, (photo + 1) * 96)]);
  }
  assertEquals((await encoder.encode(new Uint8Array(), 0)).length, 0);
  encoder.dispose();
});

Deno.test("Encoder.encode() may be called again before the last call has ended", async () => {
  const encoder = await createEncoder(encoderSettings.parse(small));
  const [a, b] = [pixels.subarray(0, size), pixels.subarray(size, 2 * size)];
  const [first, second] = await Promise.all([encoder.encode(a, 1), encoder.encode(b, 1)]);
  assertEquals([...first, ...second], [...await encoder.encode(pixels.subarray(0, 2 * size), 2)]);
  encoder.dispose();
});

Deno.test("Encoder leaves no tensors: not after encoding, not after dispose()", async () => {
  const before = tf.memory().numTensors;
  const encoder = await createEncoder(encoderSettings.parse(small));
  const loaded = tf.memory().numTensors;
  await encoder.encode(pixels, 70);
  assertEquals(tf.memory().numTensors, loaded);
  encoder.dispose();
  assertEquals(tf.memory().numTensors, before);
});

Deno.test("Encoder.encode() refuses bytes of other photos than it was told", async () => {
  const encoder = await createEncoder(encoderSettings.parse(small));
  await assertRejects(() => encoder.encode(pixels.subarray(1), 70), RangeError, "32 × 32");
  encoder.dispose();
});

Deno.test('createEncoder() draws "random" weights from the seed alone', async () => {
  const values = async (seed: number) => {
    const encoder = await createEncoder(encoderSettings.parse({ ...small, seed }));
    const found = [...await encoder.encode(pixels.subarray(0, size), 1)];
    encoder.dispose();
    return found;
  };
  assertEquals(await values(4), await values(4));
  assert(`${await values(4)}` !== `${await values(5)}`);
});

Deno.test('createEncoder() with "random" weights keeps MobileNetV2 alive and below ReLU6\'s top', async () => {
  const settings = { kind: "mobilenet_v2", weights: "random", imageSize: 64, layer: "out_relu" };
  const encoder = await createEncoder(encoderSettings.parse(settings));
  const values = await encoder.encode(pixels.subarray(0, 64 * 64 * 3), 1);
  encoder.dispose();
  const share = (is: (value: number) => boolean) => values.filter(is).length / values.length;
  assert(share((value) => value > 0.01) > 0.3, "it has vanished");
  assert(share((value) => value === 6) < 0.05, "it is saturated");
});

Deno.test('createEncoder() refuses "imagenet" and "builtin" where there are no such weights', async () => {
  const shapes = encoderSettings.parse({ ...small, weights: "imagenet" });
  await assertRejects(() => createEncoder(shapes), RangeError, "no ImageNet weights");
  const vgg = { kind: "vgg16", weights: "builtin", layer: "block1_conv1" };
  await assertRejects(() => createEncoder(encoderSettings.parse(vgg)), RangeError, "come with");
});
