import * as tf from "@tensorflow/tfjs";
import { type FusedOps, lstm, lstmStep } from "../../../lib/nn/mod.ts";
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

function given({ time, batch, width, units }: Sizes) {
  return [
    normal("x", [time, batch, width]),
    normal("kernel", [width, 4 * units], 0.5),
    normal("recurrent", [units, 4 * units], 0.5),
    normal("bias", [4 * units], 0.5),
  ] as [tf.Tensor3D, tf.Tensor2D, tf.Tensor2D, tf.Tensor1D];
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
  const [x, kernel, recurrent, bias] = given(size);
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
  const [x, kernel, recurrent, bias] = given(size);
  let state = { h: tf.zeros([size.batch, size.units]), c: tf.zeros([size.batch, size.units]) } as {
    h: tf.Tensor2D;
    c: tf.Tensor2D;
  };
  const outputs = tf.unstack(x).map((row) => {
    state = lstmStep(row as tf.Tensor2D, state.h, state.c, kernel, recurrent, bias);
    return state.h;
  });
  assert(relativeError(tf.stack(outputs), lstm(x, kernel, recurrent, bias, fused)) < 1e-6);
});

test("has the gradients of finite differences", (each, fused) => {
  // A single step has no gradient for the recurrent kernel that an error could be a part of.
  const size = { ...each, time: Math.max(2, each.time) };
  const weights = normal("weights of outputs", [size.time, size.batch, size.units]);
  const error = finiteDifferenceError(
    (x, kernel, recurrent, bias) =>
      tf.sum(tf.mul(
        lstm(
          x as tf.Tensor3D,
          kernel as tf.Tensor2D,
          recurrent as tf.Tensor2D,
          bias as tf.Tensor1D,
          fused,
        ),
        weights,
      )),
    given(size),
  );
  assert(error < 2e-3, `off by ${error}`);
});

Deno.test({
  name: "lstm(), fused, has the gradients of the plain one within 1e-5",
  ignore: ignoreTensorFlow,
  async fn() {
    const { fused } = await startTensorFlow();
    for (const [name, size] of Object.entries(sizes)) {
      tf.tidy(() => {
        const weights = normal("weights of outputs", [size.time, size.batch, size.units]);
        const [plain, fast] = [undefined, fused].map((ops) =>
          tf.grads((x, kernel, recurrent, bias) =>
            tf.sum(tf.mul(
              lstm(
                x as tf.Tensor3D,
                kernel as tf.Tensor2D,
                recurrent as tf.Tensor2D,
                bias as tf.Tensor1D,
                ops,
              ),
              weights,
            ))
          )(given(size))
        );
        for (const [i, expected] of plain.entries()) {
          const error = relativeError(expected, fast[i]);
          assert(error < 1e-5, `${name}, gradient ${i}: off by ${error}`);
        }
      });
    }
  },
});
