import * as tf from "@tensorflow/tfjs";
import {
  type CrossEntropyOptions,
  type FusedOps,
  linearCrossEntropy,
} from "../../../lib/nn/mod.ts";
import { Random } from "../../../lib/random/mod.ts";
import { assert, assertAlmostEquals, assertEquals } from "../../assert.ts";
import { finiteDifferenceError, normal, relativeError } from "./gradients.ts";
import { ignoreTensorFlow, startTensorFlow, withoutLeak } from "./tensorflow_backend.ts";

interface Case {
  rows: number;
  units: number;
  classes: number;
  /** Of the kernel: how extreme the logits are. */
  scale: number;
}

const cases: Record<string, Case> = {
  "a few rows": { rows: 5, units: 3, classes: 7, scale: 1 },
  "one row": { rows: 1, units: 3, classes: 4, scale: 1 },
  "logits of ±200, whose exponentials overflow": { rows: 6, units: 4, classes: 9, scale: 100 },
  // 2²¹ logits a piece, but 16 rows at least.
  "three pieces": { rows: 40, units: 2, classes: 131_072, scale: 1 },
  "two pieces with overflow": { rows: 17, units: 2, classes: 131_072, scale: 100 },
};

function given({ rows, units, classes, scale }: Case) {
  const random = new Random(4, "labels", rows, classes);
  const labels = Int32Array.from({ length: rows }, () => random.integer(0, classes));
  return {
    inputs: [
      normal("hidden", [rows, units]),
      normal("kernel", [units, classes], scale),
      normal("bias", [classes], 0.1),
    ],
    labels: tf.tensor1d(labels, "int32"),
  };
}

/** Weights of rows: some below 0, some 0. */
const weightsOf = (rows: number) =>
  tf.tensor1d(Array.from({ length: rows }, (_, i) => (i % 4 - 1) / 2));

function loss(
  labels: tf.Tensor1D,
  fused: FusedOps | undefined,
  factor = 1,
  options?: CrossEntropyOptions,
) {
  return (hidden: tf.Tensor, kernel: tf.Tensor, bias: tf.Tensor) =>
    tf.mul(
      linearCrossEntropy(
        hidden as tf.Tensor2D,
        kernel as tf.Tensor2D,
        bias as tf.Tensor1D,
        labels,
        fused,
        options,
      ),
      factor,
    ) as tf.Scalar;
}

const smoothedToo = Object.entries(cases).flatMap((
  [name, each],
): [string, Case, number, boolean][] => [
  [name, each, 0, false],
  [`${name}, labels smoothed`, each, 0.1, false],
  [`${name}, rows weighted`, each, 0, true],
  [`${name}, labels smoothed and rows weighted`, each, 0.1, true],
]);

for (const [name, each, smoothing, isWeighted] of smoothedToo) {
  Deno.test({
    name: `linearCrossEntropy(), fused, equals the plain one in value and gradients: ${name}`,
    ignore: ignoreTensorFlow,
    async fn() {
      const { backend, fused } = await startTensorFlow();
      await withoutLeak(backend, () =>
        tf.tidy(() => {
          const { inputs, labels } = given(each);
          const options = { smoothing, rowWeights: isWeighted ? weightsOf(each.rows) : undefined };
          const [plain, fast] = [undefined, fused].map((ops) =>
            tf.valueAndGrads(loss(labels, ops, 1, options))(inputs)
          );
          const error = relativeError(plain.value, fast.value);
          assert(error < 1e-5, `value: off by ${error}`);
          const [hidden, kernel, bias] = inputs;
          const alone = loss(labels, fused, 1, options)(hidden, kernel, bias); // no gradient
          assert(relativeError(plain.value, alone) < 1e-5);
          for (const [i, expected] of plain.grads.entries()) {
            const error = relativeError(expected, fast.grads[i]);
            assert(error < 1e-5, `gradient ${i}: off by ${error}`);
          }
        }));
    },
  });
}

for (const way of ["plain", "fused"]) {
  const test = (name: string, criterion: (fused?: FusedOps) => void) =>
    Deno.test({
      name: `linearCrossEntropy(), ${way}, ${name}`,
      ignore: ignoreTensorFlow,
      async fn() {
        const { backend, fused } = await startTensorFlow();
        await withoutLeak(backend, () =>
          tf.tidy(() => criterion(way === "fused" ? fused : undefined)));
      },
    });

  test("is the mean of -log of the softmax at the labels", (fused) => {
    const { inputs: [hidden, kernel, bias], labels } = given(cases["a few rows"]);
    const probabilities = tf.softmax(tf.add(tf.matMul(hidden, kernel), bias))
      .arraySync() as number[][];
    const sum = [...labels.dataSync()].reduce(
      (sum, k, i) => sum - Math.log(probabilities[i][k]),
      0,
    );
    assertAlmostEquals(loss(labels, fused)(hidden, kernel, bias).dataSync()[0], sum / 5, 1e-6);
  });

  test("is log of the number of classes where the weights are zero", (fused) => {
    const value = loss(tf.tensor1d([3, 0], "int32"), fused)(
      tf.ones([2, 3]),
      tf.zeros([3, 50]),
      tf.zeros([50]),
    );
    assertAlmostEquals(value.dataSync()[0], Math.log(50), 1e-6);
  });

  test("has the gradients of finite differences", (fused) => {
    const { inputs, labels } = given(cases["a few rows"]);
    const error = finiteDifferenceError(loss(labels, fused), inputs);
    assert(error < 2e-3, `off by ${error}`);
  });

  test("with smoothed labels has the gradients of finite differences, none where all words are as likely as labels have them", (fused) => {
    const { inputs, labels } = given(cases["a few rows"]);
    const smoothed = loss(labels, fused, 1, { smoothing: 0.2 });
    const error = finiteDifferenceError(smoothed, inputs);
    assert(error < 2e-3, `off by ${error}`);
    // Four words, of which the label has .8 + .05 and each other .05.
    const label = tf.tensor1d([1], "int32");
    const bias = tf.tensor1d([0.05, 0.85, 0.05, 0.05].map(Math.log));
    const gradients = tf.grads(loss(label, fused, 1, { smoothing: 0.2 }))(
      [tf.ones([1, 3]), tf.zeros([3, 4]), bias],
    );
    for (const number of gradients[2].dataSync()) assertAlmostEquals(number, 0, 1e-6);
  });

  test("with weights of rows has value and gradients of the definition", (fused) => {
    const { inputs, labels } = given(cases["a few rows"]);
    const rowWeights = weightsOf(5);
    const definition = (hidden: tf.Tensor, kernel: tf.Tensor, bias: tf.Tensor) => {
      const logits = tf.add(tf.matMul(hidden as tf.Tensor2D, kernel as tf.Tensor2D), bias);
      const all = tf.logSoftmax(logits as tf.Tensor2D);
      const chosen = tf.sum(tf.mul(all, tf.oneHot(labels, 7).toFloat()), 1);
      return tf.neg(tf.mean(tf.mul(chosen, rowWeights))) as tf.Scalar;
    };
    const expected = tf.valueAndGrads(definition)(inputs);
    const actual = tf.valueAndGrads(loss(labels, fused, 1, { rowWeights }))(inputs);
    assert(relativeError(expected.value, actual.value) < 1e-5);
    for (const [i, gradient] of expected.grads.entries()) {
      assert(relativeError(gradient, actual.grads[i]) < 1e-5, `gradient ${i}`);
    }
  });

  test("is that of the other classes where a class has a bias of -1e9", (fused) => {
    const { inputs: [hidden, kernel, bias] } = given(cases["a few rows"]);
    const kept = tf.tensor1d([1, 2, 3, 5, 6], "int32");
    const labels = tf.tensor1d([4, 0, 1, 3, 3], "int32"); // among those
    const mask = tf.tensor1d([-1e9, 0, 0, 0, -1e9, 0, 0]);
    const masked = tf.valueAndGrads((h, k, b) =>
      loss(tf.gather(kept, labels), fused)(h, k, tf.add(b, mask))
    )([hidden, kernel, bias]);
    const few = [hidden, tf.gather(kernel, kept, 1), tf.gather(bias, kept)];
    const fewer = tf.valueAndGrads(loss(labels, fused))(few);
    assert(relativeError(fewer.value, masked.value) < 1e-6);
    assert(relativeError(fewer.grads[0], masked.grads[0]) < 1e-5);
    for (const [i, gradient] of masked.grads.slice(1).entries()) {
      const axis = gradient.shape.length - 1;
      assert(relativeError(fewer.grads[i + 1], tf.gather(gradient, kept, axis)) < 1e-5);
      const ofMasked = tf.gather(gradient, tf.tensor1d([0, 4], "int32"), axis).dataSync();
      assertEquals(ofMasked.filter((x) => x !== 0).length, 0);
    }
  });

  test("scales its gradients where the loss is scaled", (fused) => {
    const { inputs, labels } = given(cases["a few rows"]);
    const once = tf.grads(loss(labels, fused))(inputs);
    const thrice = tf.grads(loss(labels, fused, 3))(inputs);
    for (const [i, gradient] of once.entries()) {
      assert(relativeError(tf.mul(gradient, 3), thrice[i]) < 1e-6);
    }
  });
}
