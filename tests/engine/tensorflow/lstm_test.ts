import * as tf from "@tensorflow/tfjs";
import { type FusedOps, lstm, type LstmState, lstmStep } from "../../../lib/nn/mod.ts";
import { assert } from "../../assert.ts";
import { finiteDifferenceError, normal, relativeError } from "./gradients.ts";
import { ignoreTensorFlow, startTensorFlow, withoutLeak } from "./tensorflow_backend.ts";

interface Sizes {
  time: number;
  batch: number;
  width: number;
  units: number;
}

const sizes: Record<string, Sizes> = {
  "units wider than inputs": { time: 5, batch: 3, width: 2, units: 4 },
  "inputs wider than units": { time: 4, batch: 2, width: 6, units: 3 },
  "one step": { time: 1, batch: 3, width: 4, units: 4 },
  "one row": { time: 6, batch: 1, width: 3, units: 5 },
  "one of everything": { time: 1, batch: 1, width: 1, units: 1 },
};

function arrays({ time, batch, width, units }: Sizes) {
  return [
    normal("x", [time, batch, width]),
    normal("kernel", [width, 4 * units], 0.5),
    normal("recurrent", [units, 4 * units], 0.5),
    normal("bias", [4 * units], 0.5),
  ] as [tf.Tensor3D, tf.Tensor2D, tf.Tensor2D, tf.Tensor1D];
}

function initialState({ batch, units }: Sizes): LstmState {
  const [h, c] = ["h", "c"].map((name) => normal(name, [batch, units], 0.5) as tf.Tensor2D);
  return { h, c };
}

/** A weighted sum of all outputs, as a function of what an LSTM takes: x to bias, h and c if any. */
function weightedSum(size: Sizes, fused?: FusedOps) {
  const weights = normal("weights of outputs", [size.time, size.batch, size.units]);
  return (...given: tf.Tensor[]) => {
    const [x, kernel, recurrent, bias, h, c] = given as [
      ...ReturnType<typeof arrays>,
      tf.Tensor2D,
      tf.Tensor2D,
    ];
    return tf.sum(tf.mul(lstm(x, kernel, recurrent, bias, fused, h && { h, c }), weights));
  };
}

/** A test of both ways to compute an LSTM, at every size. */
function test(name: string, criterion: (size: Sizes, fused: FusedOps | undefined) => void): void {
  for (const way of ["plain", "fused"]) {
    Deno.test({
      name: `lstm(), ${way}, ${name}`,
      ignore: ignoreTensorFlow,
      async fn() {
        const { backend, fused } = await startTensorFlow();
        for (const size of Object.values(sizes)) {
          await withoutLeak(
            backend,
            () => tf.tidy(() => criterion(size, way === "fused" ? fused : undefined)),
          );
        }
      },
    });
  }
}

test("equals tf.layers.lstm at every step", (size, fused) => {
  const [x, kernel, recurrent, bias] = arrays(size);
  const layer = tf.layers.lstm({
    units: size.units,
    returnSequences: true,
    recurrentActivation: "sigmoid", // Keras' default; TF.js has kept that of Keras 1
  });
  const captionsFirst = tf.transpose(x, [1, 0, 2]);
  layer.apply(captionsFirst); // builds it
  layer.setWeights([kernel, recurrent, bias]);
  const expected = layer.apply(captionsFirst) as tf.Tensor3D;
  const actual = tf.transpose(lstm(x, kernel, recurrent, bias, fused), [1, 0, 2]);
  layer.dispose();
  const error = relativeError(expected, actual);
  assert(error < 1e-6, `off by ${error}`);
});

test("equals lstmStep() carried from step to step", (size, fused) => {
  const [x, kernel, recurrent, bias] = arrays(size);
  let state = { h: tf.zeros([size.batch, size.units]), c: tf.zeros([size.batch, size.units]) } as {
    h: tf.Tensor2D;
    c: tf.Tensor2D;
  };
  const outputs = tf.unstack(x).map((row) => {
    state = lstmStep(row as tf.Tensor2D, state, kernel, recurrent, bias);
    return state.h;
  });
  assert(relativeError(tf.stack(outputs), lstm(x, kernel, recurrent, bias, fused)) < 1e-6);
});

test("from an initial state equals lstmStep() carried on from it", (size, fused) => {
  const [x, kernel, recurrent, bias] = arrays(size);
  const initial = initialState(size);
  let state = initial;
  const outputs = tf.unstack(x).map((row) => {
    state = lstmStep(row as tf.Tensor2D, state, kernel, recurrent, bias);
    return state.h;
  });
  const actual = lstm(x, kernel, recurrent, bias, fused, initial);
  assert(relativeError(tf.stack(outputs), actual) < 1e-6);
  const zeros = { h: tf.zerosLike(initial.h), c: tf.zerosLike(initial.c) };
  const fromZeros = lstm(x, kernel, recurrent, bias, fused, zeros);
  assert(relativeError(lstm(x, kernel, recurrent, bias, fused), fromZeros) === 0);
});

test("has the gradients of finite differences", (each, fused) => {
  // A single step has no gradient for the recurrent kernel that an error could be a part of.
  const size = { ...each, time: Math.max(2, each.time) };
  const error = finiteDifferenceError(weightedSum(size, fused), arrays(size));
  assert(error < 2e-3, `off by ${error}`);
});

test(
  "from an initial state has the gradients of finite differences, the state's too",
  (size, fused) => {
    const { h, c } = initialState(size);
    const error = finiteDifferenceError(weightedSum(size, fused), [...arrays(size), h, c]);
    assert(error < 2e-3, `off by ${error}`);
  },
);

for (const from of ["zeros", "an initial state"]) {
  Deno.test({
    name: `lstm(), fused, from ${from} has the gradients of the plain one within 1e-5`,
    ignore: ignoreTensorFlow,
    async fn() {
      const { fused } = await startTensorFlow();
      for (const [name, size] of Object.entries(sizes)) {
        tf.tidy(() => {
          const { h, c } = initialState(size);
          const given = from === "zeros" ? arrays(size) : [...arrays(size), h, c];
          const [plain, fast] = [undefined, fused].map((ops) =>
            tf.grads(weightedSum(size, ops))(given)
          );
          for (const [i, expected] of plain.entries()) {
            const error = relativeError(expected, fast[i]);
            assert(error < 1e-5, `${name}, gradient ${i}: off by ${error}`);
          }
        });
      }
    },
  });
}
