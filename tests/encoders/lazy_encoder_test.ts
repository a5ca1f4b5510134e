import * as tf from "@tensorflow/tfjs";
import { encoderSettings } from "../../lib/config/mod.ts";
import { createEncoder, LazyEncoder } from "../../lib/encoders/mod.ts";
import { Random } from "../../lib/random/mod.ts";
import { assert, assertEquals, assertRejects } from "../assert.ts";

await tf.setBackend("cpu");

const settings = encoderSettings.parse({
  kind: "shapes_cnn",
  weights: "random",
  imageSize: 32,
  layer: "what",
});

Deno.test("LazyEncoder is the encoder of its settings, and loads weights for the first photo only", async () => {
  const loads: number[] = [];
  const before = tf.memory().numTensors;
  const encoder = await LazyEncoder.of(settings, {
    onProgress: (_, done) => loads.push(done),
  });
  assertEquals([loads, tf.memory().numTensors, encoder.secondsToStart], [[], before, 0]);
  const expected = await createEncoder(settings);
  for (const name of ["kind", "layer", "imageSize", "featureShape", "key"] as const) {
    assertEquals(encoder[name], expected[name]);
  }
  const random = new Random(2);
  const pixels = Uint8Array.from({ length: 32 * 32 * 3 }, () => random.integer(0, 256));
  const once = [encoder.encode(pixels, 1), encoder.encode(pixels, 1)];
  for (const features of await Promise.all(once)) {
    assertEquals([...features], [...await expected.encode(pixels, 1)]);
  }
  assertEquals(loads.filter((done) => done === 1), [1]);
  assert(encoder.secondsToStart > 0);
  await encoder.dispose();
  expected.dispose();
  assertEquals(tf.memory().numTensors, before);
});

Deno.test("LazyEncoder.of() refuses what createEncoder() refuses, at once", async () => {
  const wrong = encoderSettings.parse({ ...settings, layer: "that" });
  await assertRejects(() => LazyEncoder.of(wrong), RangeError, 'no layer "that"');
});

Deno.test("LazyEncoder tells why its weights do not load, and can be disposed of then", async () => {
  const before = tf.memory().numTensors;
  const encoder = await LazyEncoder.of(settings, {
    onProgress: () => {
      throw new Error("no room");
    },
  });
  await assertRejects(() => encoder.encode(new Uint8Array(32 * 32 * 3), 1), Error, "no room");
  await encoder.dispose();
  assertEquals(tf.memory().numTensors, before);
});
