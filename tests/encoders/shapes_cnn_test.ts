import * as tf from "@tensorflow/tfjs";
import {
  colours,
  drawScenePixels,
  places,
  randomScenes,
  type Scene,
  shapes,
  sizes,
} from "../../lib/datasets/mod.ts";
import { encoderSettings } from "../../lib/config/mod.ts";
import { createEncoder } from "../../lib/encoders/mod.ts";
import { Random } from "../../lib/random/mod.ts";
import { startEngine } from "../../lib/engine/mod.ts";
import { assert, assertEquals } from "../assert.ts";
import { granted } from "../permissions.ts";

const ignore = !granted("read", "write", "ffi", "env", "run", "sys", "net");

/** What a linear classifier must find in the features of fresh photos, and how often. */
const questions: [string, (scene: Scene) => number, number][] = [
  ["shape", ({ shape }) => shapes.indexOf(shape), 0.97],
  ["colour", ({ colour }) => colours.indexOf(colour), 0.97],
  ["size", ({ size }) => sizes.indexOf(size), 0.97],
  ["count", ({ count }) => count, 0.97],
  ["place", ({ place }) => places.indexOf(place), 0.97],
  ["second shape", ({ second }) => second ? shapes.indexOf(second.shape) : 5, 0.92],
  ["second colour", ({ second }) => second ? colours.indexOf(second.colour) : 8, 0.95],
];

async function photos(count: number, name: string) {
  const scenes = randomScenes(count, new Random(77, name));
  const pixels = new Uint8Array(count * 96 * 96 * 3);
  for (const [i, scene] of scenes.entries()) {
    const drawn = await drawScenePixels(scene);
    pixels.set(drawn, i * drawn.length);
  }
  return { scenes, pixels };
}

Deno.test({
  name: "shapes_cnn's built-in features tell a linear classifier what captions say of a photo",
  ignore,
  fn: async () => {
    const { fused } = await startEngine();
    const before = tf.memory().numTensors;
    const encoder = await createEncoder(encoderSettings.parse({ kind: "shapes_cnn" }), { fused });
    assertEquals(encoder.featureShape, [160]);
    const train = await photos(900, "train"), test = await photos(400, "test");
    const seen = await encoder.encode(train.pixels, 900);
    const fresh = await encoder.encode(test.pixels, 400);
    encoder.dispose();
    assertEquals(tf.memory().numTensors, before);
    const square = seen.reduce((sum, value) => sum + value ** 2, 0) / seen.length;
    assert(square > 0.8 && square < 1.25, `mean square ${square}`);
    for (const [name, answer, bound] of questions) {
      const guesses = classify(seen, train.scenes.map(answer), fresh, 160);
      const right = test.scenes.filter((scene, i) => guesses[i] === answer(scene)).length / 400;
      assert(right >= bound, `${name}: ${right}`);
    }
  },
});

/** One linear layer trained on the features: softmax regression by gradient descent with momentum. */
function classify(
  seen: Float32Array,
  labels: number[],
  fresh: Float32Array,
  width: number,
): number[] {
  const classes = Math.max(...labels) + 1;
  return tf.tidy(() => {
    const x = tf.tensor2d(seen, [labels.length, width]);
    const y = tf.oneHot(labels, classes);
    let weights = tf.zeros([width, classes]), speed = tf.zeros([width, classes]);
    for (let step = 0; step < 300; step++) {
      [weights, speed] = tf.tidy(() => {
        const wrong = tf.sub(tf.softmax(tf.matMul(x, weights)), y);
        const slope = tf.div(tf.matMul(x, wrong, true), labels.length);
        const next = tf.sub(tf.mul(speed, 0.95), tf.mul(slope, 0.1));
        return [tf.add(weights, next), next];
      });
    }
    const logits = tf.matMul(tf.tensor2d(fresh, [fresh.length / width, width]), weights);
    return [...tf.argMax(logits, 1).dataSync()];
  });
}
