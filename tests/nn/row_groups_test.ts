// On TF.js' own backend: no permission is needed.
import * as tf from "@tensorflow/tfjs";
import { rowGroups } from "../../lib/nn/mod.ts";
import { assertEquals } from "../assert.ts";

Deno.test("rowGroups() fill each group up to the largest, and take that away again", async () => {
  await tf.setBackend("cpu");
  tf.tidy(() => {
    const groups = rowGroups([1, 0, 2, 1, 1], 3);
    assertEquals([groups.groups, groups.size], [3, 3]);
    const x = tf.tensor2d([10, 20, 30, 40, 50], [5, 1]);
    const padded = groups.pad(x);
    assertEquals([...padded.dataSync()], [20, 0, 0, 10, 40, 50, 30, 0, 0]);
    assertEquals([...groups.unpad(padded).dataSync()], [10, 20, 30, 40, 50]);
    // Each place's own factor is its row's gradient; what fills up has none.
    const factors = tf.tensor2d([1, 2, 3, 4, 5, 6, 7, 8, 9], [9, 1]);
    const [dx] = tf.grads((x) => tf.sum(tf.mul(groups.pad(x as tf.Tensor2D), factors)))([x]);
    assertEquals([...dx.dataSync()], [4, 1, 7, 5, 6]);
    const five = tf.tensor2d([1, 2, 3, 4, 5], [5, 1]);
    const [dy] = tf.grads((y) => tf.sum(tf.mul(groups.unpad(y as tf.Tensor2D), five)))([padded]);
    assertEquals([...dy.dataSync()], [2, 0, 0, 1, 4, 5, 3, 0, 0]);
  });
});

Deno.test("rowGroups() leave rows alone that are in their groups' order, as many in each", () => {
  const x = {} as tf.Tensor2D;
  const groups = rowGroups([0, 0, 1, 1], 2);
  assertEquals([groups.groups, groups.size], [2, 2]);
  assertEquals(groups.pad(x) === x && groups.unpad(x) === x, true);
});
