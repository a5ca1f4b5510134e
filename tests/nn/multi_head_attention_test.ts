// On TF.js' own backend: no permission is needed.
import * as tf from "@tensorflow/tfjs";
import { crossAttentionLayer, initialWeights, selfAttentionLayer } from "../../lib/nn/mod.ts";
import { evenGroups } from "../../lib/nn/row_groups.ts";
import { assert, assertEquals } from "../assert.ts";
import { normal, relativeError } from "../engine/tensorflow/gradients.ts";

const [WIDTH, HEADS, BATCH, WORDS, PLACES] = [6, 2, 3, 4, 5];

function madeWeights(layer: Parameters<typeof initialWeights>[0][number]): Map<string, tf.Tensor> {
  return new Map([...layer.weights].map(([name, { shape }]) => [name, normal(name, shape)]));
}

/** By the definition: keys and values of every position, head by head, query by query. */
function attention(
  weights: Map<string, tf.Tensor>,
  name: string,
  x: tf.Tensor2D,
  read: tf.Tensor2D,
  mask?: tf.Tensor2D,
) {
  const project = (part: string, of: tf.Tensor2D) =>
    tf.matMul(of, weights.get(`${name}/${part}/kernel`) as tf.Tensor2D);
  const size = WIDTH / HEADS;
  const parts = ["query", "key", "value"].map((part) => project(part, part === "query" ? x : read));
  const heads = Array.from({ length: HEADS }, (_, head) => {
    const [q, k, v] = parts.map((part) => tf.slice(part, [0, head * size], [-1, size]));
    const scores = tf.div(tf.matMul(q, k, false, true), Math.sqrt(size));
    const shares = tf.softmax(mask ? tf.add(scores, mask) : scores) as tf.Tensor2D;
    return { context: tf.matMul(shares, v), shares };
  });
  const joined = tf.concat(heads.map(({ context }) => context), 1) as tf.Tensor2D;
  return {
    output: tf.add(project("output", joined), weights.get(`${name}/output/bias`)!),
    shares: heads.map(({ shares }) => shares),
  };
}

Deno.test("crossAttentionLayer() gives what keys and values of every place give", async () => {
  await tf.setBackend("cpu");
  tf.tidy(() => {
    const layer = crossAttentionLayer("cross", WIDTH, HEADS);
    const weights = madeWeights(layer);
    const x = normal("x", [BATCH, WORDS, WIDTH]);
    const places = normal("places", [BATCH, PLACES, WIDTH]) as tf.Tensor3D;
    const flat = tf.reshape(x, [BATCH * WORDS, WIDTH]) as tf.Tensor2D;
    const { output, shares } = layer.apply(weights, flat, places);
    assertEquals(shares.shape, [BATCH * WORDS, HEADS, PLACES]);
    const row = (of: tf.Tensor, i: number) => tf.squeeze(tf.slice(of, i, 1), [0]) as tf.Tensor2D;
    const expected = Array.from(
      { length: BATCH },
      (_, i) => attention(weights, "cross", row(x, i), row(places, i)),
    );
    const outputs = tf.concat(expected.map(({ output }) => output));
    assert(relativeError(outputs, output) < 1e-5);
    const all = tf.concat(expected.map(({ shares }) => tf.stack(shares, 1)));
    assert(relativeError(all, shares) < 1e-5);
  });
});

Deno.test("selfAttentionLayer() reads each word and those before it, at once and word by word", async () => {
  await tf.setBackend("cpu");
  tf.tidy(() => {
    const layer = selfAttentionLayer("self", WIDTH, HEADS);
    const weights = madeWeights(layer);
    const x = normal("x", [WORDS, WIDTH]) as tf.Tensor2D;
    const hidden = Array.from(
      { length: WORDS },
      (_, i) => Array.from({ length: WORDS }, (_, j) => j > i ? -1e9 : 0),
    );
    const { output } = attention(weights, "self", x, x, tf.tensor2d(hidden));
    assert(relativeError(output, layer.apply(weights, x, evenGroups(WORDS, 1))) < 1e-5);
    let read: ReturnType<typeof layer.step>["read"] | undefined;
    const steps = Array.from({ length: WORDS }, (_, i) => {
      const next = layer.step(weights, tf.slice(x, [i, 0], [1, WIDTH]), read);
      read = next.read;
      return next.output;
    });
    assert(relativeError(output, tf.concat(steps)) < 1e-5);
  });
});
