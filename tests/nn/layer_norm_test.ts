// On TF.js' own backend: no permission is needed.
import * as tf from "@tensorflow/tfjs";
import { layerNormLayer } from "../../lib/nn/layer_norm.ts";
import { initialWeights } from "../../lib/nn/mod.ts";
import { assert, assertAlmostEquals, assertEquals } from "../assert.ts";
import { finiteDifferenceError, normal } from "../engine/tensorflow/gradients.ts";

Deno.test("layerNormLayer() learns gamma, ones at first, and beta, zeros", () => {
  const weights = initialWeights([layerNormLayer("norm", 3)], 1);
  assertEquals([...weights], [
    ["norm/gamma", { shape: [3], data: Float32Array.of(1, 1, 1) }],
    ["norm/beta", { shape: [3], data: Float32Array.of(0, 0, 0) }],
  ]);
});

Deno.test("layerNormLayer() gives the numbers worked out by hand, of any shape before the last axis", async () => {
  await tf.setBackend("cpu");
  tf.tidy(() => {
    const weights = new Map([
      ["norm/gamma", tf.tensor1d([1, 2])],
      ["norm/beta", tf.tensor1d([0, -1])],
    ]);
    const y = layerNormLayer("norm", 2).apply(weights, tf.tensor3d([[[1, 3]], [[5, 5]]]));
    assertEquals(y.shape, [2, 1, 2]);
    // Mean 2, variance 1, so ∓1 / √1.001; then mean 5 and variance 0.
    const part = 1 / Math.sqrt(1.001);
    [-part, 2 * part - 1, 0, -1].forEach((number, i) =>
      assertAlmostEquals(y.dataSync()[i], number, 1e-6)
    );
  });
});

Deno.test("layerNormLayer()'s gradients are those of finite differences", async () => {
  await tf.setBackend("cpu");
  tf.tidy(() => {
    const layer = layerNormLayer("norm", 5);
    const factor = normal("factor", [4, 5]);
    const f = (x: tf.Tensor, gamma: tf.Tensor, beta: tf.Tensor) => {
      const y = layer.apply(new Map([["norm/gamma", gamma], ["norm/beta", beta]]), x);
      return tf.sum(tf.mul(tf.square(y), factor));
    };
    const inputs = [normal("x", [4, 5]), normal("gamma", [5]), normal("beta", [5])];
    const error = finiteDifferenceError(f, inputs);
    assert(error < 1e-3, `off by ${error}`);
  });
});
