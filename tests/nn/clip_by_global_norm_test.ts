import * as tf from "@tensorflow/tfjs";
import { clipByGlobalNorm } from "../../lib/nn/clip_by_global_norm.ts";
import { assert, assertAlmostEquals } from "../assert.ts";

/** Runs on TF.js' own backend, which needs no permission. */
function test(name: string, criterion: () => void): void {
  Deno.test(name, async () => {
    tf.env().set("IS_TEST", true);
    await tf.setBackend("cpu");
    tf.tidy(criterion);
  });
}

const norm = (gradients: tf.Tensor[]) =>
  Math.sqrt(gradients.reduce((sum, x) => sum + tf.sum(tf.square(x)).dataSync()[0], 0));

test("clipByGlobalNorm() scales the norm over all gradients down to the limit and keeps the direction", () => {
  const gradients = [tf.tensor2d([[3, 0], [0, 4]]), tf.scalar(12)]; // norm 13
  const clipped = clipByGlobalNorm(gradients, 6.5);
  assertAlmostEquals(norm(clipped), 6.5, 1e-5);
  gradients.forEach((gradient, i) => {
    gradient.dataSync().forEach((x, k) =>
      assertAlmostEquals(clipped[i].dataSync()[k], x / 2, 1e-6)
    );
  });
});

test("clipByGlobalNorm() gives gradients within the limit back as they are", () => {
  const gradients = [tf.tensor1d([3, 4]), tf.scalar(12)];
  for (const limit of [13, 20]) {
    const clipped = clipByGlobalNorm(gradients, limit);
    assert(clipped.every((gradient, i) => gradient === gradients[i]));
  }
});

test("clipByGlobalNorm() does not hide gradients that are NaN", () => {
  const [clipped] = clipByGlobalNorm([tf.tensor1d([NaN, 1])], 1);
  assert(Number.isNaN(clipped.dataSync()[0]));
});
