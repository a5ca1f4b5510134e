import * as tf from "@tensorflow/tfjs";
import { plainLinearCrossEntropy } from "../../lib/nn/linear_cross_entropy.ts";
import { Random } from "../../lib/random/mod.ts";
import { assert, assertAlmostEquals, assertEquals } from "../assert.ts";
import { normal, relativeError } from "../engine/tensorflow/gradients.ts";

const ROWS = 11, UNITS = 4, CLASSES = 9;

function given() {
  const random = new Random(3, "labels");
  return {
    inputs: [
      normal("hidden", [ROWS, UNITS]),
      normal("kernel", [UNITS, CLASSES]),
      normal("bias", [CLASSES]),
    ],
    labels: tf.tensor1d(
      Int32Array.from({ length: ROWS }, () => random.integer(0, CLASSES)),
      "int32",
    ),
  };
}

type Loss = (hidden: tf.Tensor, kernel: tf.Tensor, bias: tf.Tensor) => tf.Scalar;

/** The definition, all rows at once, its gradient TF.js' own. */
const direct = (labels: tf.Tensor1D, smoothing = 0): Loss => (hidden, kernel, bias) => {
  const probabilities = tf.softmax(tf.add(tf.matMul(hidden, kernel), bias) as tf.Tensor2D);
  const chosen = tf.sum(tf.mul(probabilities, tf.oneHot(labels, CLASSES).toFloat()), 1);
  const ofLabel = tf.neg(tf.mean(tf.log(chosen)));
  const ofAll = tf.neg(tf.mean(tf.log(probabilities)));
  return tf.add(tf.mul(ofLabel, 1 - smoothing), tf.mul(ofAll, smoothing)) as tf.Scalar;
};

const inPieces =
  (labels: tf.Tensor1D, rowsPerPiece?: number, smoothing?: number): Loss =>
  (hidden, kernel, bias) =>
    plainLinearCrossEntropy(
      hidden as tf.Tensor2D,
      kernel as tf.Tensor2D,
      bias as tf.Tensor1D,
      labels,
      { rowsPerPiece, smoothing },
    );

function test(name: string, criterion: () => void): void {
  Deno.test(name, async () => {
    await tf.setBackend("cpu");
    tf.env().set("IS_TEST", true);
    tf.scalar(0).dispose(); // the backend's first use: without the flag it prints a hint
    tf.env().set("IS_TEST", false); // with it, gradients that wait for their use are called a leak
    const before = tf.memory().numTensors;
    tf.tidy(criterion);
    assertEquals(tf.memory().numTensors, before);
  });
}

test("plainLinearCrossEntropy() with smoothed labels equals the definition in value and gradients", () => {
  const { inputs, labels } = given();
  const expected = tf.valueAndGrads(direct(labels, 0.3))(inputs);
  for (const rowsPerPiece of [4, undefined]) {
    const actual = tf.valueAndGrads(inPieces(labels, rowsPerPiece, 0.3))(inputs);
    assert(relativeError(expected.value, actual.value) < 1e-6);
    for (const [i, gradient] of expected.grads.entries()) {
      assert(relativeError(gradient, actual.grads[i]) < 1e-5, `gradient ${i}`);
    }
    const [hidden, kernel, bias] = inputs;
    const value = inPieces(labels, rowsPerPiece, 0.3)(hidden, kernel, bias); // without a gradient
    assert(relativeError(expected.value, value) < 1e-6);
  }
});

// 11 rows: pieces of one row, of unlike sizes, of all but one, one piece.
for (const rowsPerPiece of [1, 4, 10, 11, undefined]) {
  test(`plainLinearCrossEntropy() in pieces of ${rowsPerPiece ?? "the usual number of"} rows equals the definition in value and gradients`, () => {
    const { inputs, labels } = given();
    const expected = tf.valueAndGrads(direct(labels))(inputs);
    const actual = tf.valueAndGrads(inPieces(labels, rowsPerPiece))(inputs);
    assert(relativeError(expected.value, actual.value) < 1e-6);
    assertEquals(actual.grads.length, 3);
    for (const [i, gradient] of expected.grads.entries()) {
      const error = relativeError(gradient, actual.grads[i]);
      assert(error < 1e-5, `gradient ${i}: off by ${error}`);
    }
    const [hidden, kernel, bias] = inputs;
    const value = inPieces(labels, rowsPerPiece)(hidden, kernel, bias); // without a gradient
    assert(relativeError(expected.value, value) < 1e-6);
  });
}

test("plainLinearCrossEntropy() never holds more logits than those of one piece", () => {
  const { inputs, labels } = given();
  const [hidden, kernel, bias] = inputs;
  const peak = (rowsPerPiece: number) => {
    let most = 0;
    const begin = tf.memory().numBytes;
    const engine = tf.engine() as unknown as {
      trackTensor(tensor: tf.Tensor, backend: unknown): void;
    };
    const track = engine.trackTensor;
    engine.trackTensor = function (tensor, backend) {
      track.call(this, tensor, backend);
      most = Math.max(most, tf.memory().numBytes - begin);
    };
    try {
      tf.tidy(() => inPieces(labels, rowsPerPiece)(hidden, kernel, bias));
    } finally {
      engine.trackTensor = track;
    }
    return most;
  };
  const [one, all] = [peak(1), peak(ROWS)];
  assert(one < all / 4, `${one} and ${all} bytes`);
});

test("plainLinearCrossEntropy() is ln of the number of classes where the weights are zero", () => {
  const { labels } = given();
  const zeros = [tf.ones([ROWS, UNITS]), tf.zeros([UNITS, CLASSES]), tf.zeros([CLASSES])];
  const value = inPieces(labels, 2)(zeros[0], zeros[1], zeros[2]);
  assertAlmostEquals(value.dataSync()[0], Math.log(CLASSES), 1e-6);
});
