import * as tf from "@tensorflow/tfjs";
import {
  type FusedOps,
  lstm,
  type LstmLayer,
  lstmLayer,
  readBackwards,
  readRepeatedly,
} from "../../../lib/nn/mod.ts";
import { assert, assertEquals } from "../../assert.ts";
import { normal, relativeError } from "./gradients.ts";
import { ignoreTensorFlow as ignore, startTensorFlow, withoutLeak } from "./tensorflow_backend.ts";

const [TIME, BATCH, INPUTS, UNITS, STEPS] = [5, 3, 4, 6, 4];
const SAME = [TIME, TIME, TIME];
const LENGTHS = [3, TIME, 1];

const arrays = (name = "") =>
  [
    normal(`${name}kernel`, [INPUTS, 4 * UNITS]) as tf.Tensor2D,
    normal(`${name}recurrent`, [UNITS, 4 * UNITS]) as tf.Tensor2D,
    normal(`${name}bias`, [4 * UNITS]) as tf.Tensor1D,
  ] as const;

/** Weights of a layer "a" and, if there are as many more, of a layer "b". */
const weightsOf = (arrays: readonly tf.Tensor[]) =>
  new Map(arrays.map((array, i) => [
    `${i < 3 ? "a" : "b"}/${["kernel", "recurrent_kernel", "bias"][i % 3]}`,
    array,
  ]));

/** Every beginning read backwards on its own, in the order of `readBackwards()`. */
function oneByOne(
  x: tf.Tensor3D,
  weights: ReturnType<typeof arrays>,
  lengths = SAME,
): tf.Tensor {
  const read = Array.from({ length: TIME }, (_, end) => {
    const beginning = tf.reverse(tf.slice(x, [0, 0, 0], [end + 1, BATCH, INPUTS]), 0);
    return lstm(beginning, ...weights);
  });
  const states = [];
  for (let step = 0; step < TIME; step++) {
    for (let word = 0; word < TIME - step; word++) {
      const isThere = lengths.map((length) => [Number(word + step < length)]);
      const state = tf.slice(read[word + step], [step, 0, 0], [1, BATCH, UNITS]);
      states.push(tf.mul(state, tf.tensor3d([isThere])));
    }
  }
  return tf.concat(states, 0);
}

type Weights = Map<string, tf.Tensor>;

/** Two LSTMs side by side where there may be several, and what the first does alone. */
const ways = {
  "readRepeatedly()": {
    x: () => normal("image", [BATCH, INPUTS]),
    read: (x: tf.Tensor, layers: LstmLayer[], weights: Weights, fused?: FusedOps) =>
      readRepeatedly(layers, weights, x as tf.Tensor2D, STEPS, fused),
    plain: (x: tf.Tensor, weights: ReturnType<typeof arrays>) =>
      lstm(tf.tile(tf.expandDims(x, 0), [STEPS, 1, 1]) as tf.Tensor3D, ...weights),
  },
  "readBackwards()": {
    x: () => normal("words", [TIME, BATCH, INPUTS]),
    read: (x: tf.Tensor, layers: LstmLayer[], weights: Weights, fused?: FusedOps) =>
      layers.map((layer) => readBackwards(layer, weights, x as tf.Tensor3D, SAME, fused)),
    plain: (x: tf.Tensor, weights: ReturnType<typeof arrays>) =>
      oneByOne(x as tf.Tensor3D, weights),
  },
  "readBackwards() of sequences of other lengths": {
    x: () => normal("words", [TIME, BATCH, INPUTS]),
    read: (x: tf.Tensor, layers: LstmLayer[], weights: Weights, fused?: FusedOps) =>
      layers.map((layer) => readBackwards(layer, weights, x as tf.Tensor3D, LENGTHS, fused)),
    plain: (x: tf.Tensor, weights: ReturnType<typeof arrays>) =>
      oneByOne(x as tf.Tensor3D, weights, LENGTHS),
  },
};

for (const [what, { x: make, read, plain }] of Object.entries(ways)) {
  for (const way of ["plain", "fused"]) {
    Deno.test({
      name: `${what}, ${way}: outputs and gradients of one sequence at a time`,
      ignore,
      fn: async () => {
        const { backend, fused } = await startTensorFlow();
        const ops = way === "fused" ? fused : undefined;
        const layers = ["a", "b"].map((name) => lstmLayer(name, INPUTS, UNITS, ops));
        await withoutLeak(backend, () =>
          tf.tidy(() => {
            const x = make(), given = [...arrays(), ...arrays("other ")];
            const each = (weights: readonly tf.Tensor[]) =>
              [weights.slice(0, 3), weights.slice(3)] as unknown as ReturnType<typeof arrays>[];
            const expected = each(given).map((weights) => plain(x, weights));
            const found = read(x, layers, weightsOf(given), ops);
            for (const [i, { shape }] of expected.entries()) {
              assertEquals(found[i].shape, shape);
              assert(relativeError(expected[i], found[i]) < 1e-6);
            }
            const dy = normal("dy", [2, ...expected[0].shape]);
            const gradients = (run: (x: tf.Tensor, ...weights: tf.Tensor[]) => tf.Tensor[]) =>
              tf.grads((x, ...weights) => tf.sum(tf.mul(tf.stack(run(x, ...weights)), dy)))([
                x,
                ...given,
              ]);
            const wanted = gradients((x, ...weights) =>
              each(weights).map((weights) => plain(x, weights))
            );
            gradients((x, ...weights) => read(x, layers, weightsOf(weights), ops))
              .forEach((gradient, i) => assert(relativeError(wanted[i], gradient) < 1e-5, `${i}`));
          }));
      },
    });
  }
}

Deno.test({
  name: "one item, repeated once or read backwards, gives an LSTM's first step",
  ignore,
  fn: async () => {
    const { fused } = await startTensorFlow();
    tf.tidy(() => {
      const layer = lstmLayer("a", INPUTS, UNITS, fused);
      const x = normal("one", [1, BATCH, INPUTS]) as tf.Tensor3D, given = arrays();
      const read = (x: tf.Tensor, recurrent: tf.Tensor) =>
        readBackwards(
          layer,
          weightsOf([given[0], recurrent, given[2]]),
          x as tf.Tensor3D,
          [1, 1, 1],
          fused,
        );
      const expected = lstm(x, ...given);
      assert(relativeError(expected, read(x, given[1])) < 1e-6);
      const one = tf.squeeze(x, [0]) as tf.Tensor2D;
      const [repeated] = readRepeatedly([layer], weightsOf(given), one, 1, fused);
      assert(relativeError(expected, repeated) < 1e-6);
      const [dx, dRecurrent] = tf.grads((x, recurrent) => tf.sum(read(x, recurrent)))([
        x,
        given[1],
      ]);
      assertEquals(dx.shape, x.shape);
      assertEquals(Math.max(...tf.abs(dRecurrent).dataSync()), 0);
    });
  },
});
