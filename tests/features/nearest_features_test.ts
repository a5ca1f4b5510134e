import * as tf from "@tensorflow/tfjs";
import { meanFeatures, NearestFeatures } from "../../lib/features/mod.ts";
import { assert, assertAlmostEquals, assertEquals } from "../assert.ts";

Deno.test("NearestFeatures finds by angle, nearest first, whatever the lengths", async () => {
  await tf.setBackend("cpu");
  const before = tf.memory().numTensors;
  {
    using index = new NearestFeatures(Float32Array.of(0, 2, 5, 5, 3, 0, 0, 0), 2);
    assertEquals(index.size, 4);
    const queries = Float32Array.of(0, 9, 1, 0.1);
    const [up, right] = await index.find(queries, 3);
    assertEquals(up.map(({ row }) => row), [0, 1, 2]);
    up.forEach(({ similarity }, i) =>
      assertAlmostEquals(similarity, [1, Math.SQRT1_2, 0][i], 1e-6)
    );
    assertEquals(right.map(({ row }) => row), [2, 1, 0]);
    assertEquals(queries, Float32Array.of(0, 9, 1, 0.1));
  }
  assertEquals(tf.memory().numTensors, before);
});

Deno.test("NearestFeatures gives all photos where fewer are held, and a photo itself as 1", async () => {
  await tf.setBackend("cpu");
  const features = Float32Array.from({ length: 3 * 7 }, (_, i) => Math.sin(i * i));
  using index = new NearestFeatures(features.slice(), 7);
  const found = await index.find(features, 9);
  found.forEach((near, i) => {
    assertEquals(near.length, 3);
    assertEquals(near[0].row, i);
    assert(near[0].similarity <= 1 && near[0].similarity > 1 - 1e-6);
  });
});

Deno.test("meanFeatures() averages the regions of a grid, and leaves vectors alone", () => {
  const grids = Float32Array.of(1, 10, 3, 30, 5, 50, 7, 70); // [2, 1, 2, 2]
  assertEquals(meanFeatures(grids, [1, 2, 2]), Float32Array.of(2, 20, 6, 60));
  assertEquals(meanFeatures(grids, [4]), grids);
});
