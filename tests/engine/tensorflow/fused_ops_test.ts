import * as tf from "@tensorflow/tfjs";
import { assert, assertEquals } from "../../assert.ts";
import { tensorflowFusedOps } from "../../../lib/engine/tensorflow/fused_ops.ts";
import { normal, relativeError } from "./gradients.ts";
import { ignoreTensorFlow as ignore, startTensorFlow, withoutLeak } from "./tensorflow_backend.ts";

Deno.test({
  name: "FusedOps.dropout() gives the same mask for the same seed and another for another",
  ignore,
  async fn() {
    const { backend, fused } = await startTensorFlow();
    await withoutLeak(backend, () =>
      tf.tidy(() => {
        const x = tf.ones([20, 30]);
        const draw = (...seed: [number, number]) => fused.dropout(x, 0.5, seed).dataSync();
        assertEquals(draw(1, 2), draw(1, 2));
        for (const other of [[1, 3], [2, 2], [0xffffffff, 2]] as [number, number][]) {
          const differing = draw(1, 2).filter((value, i) => value !== draw(...other)[i]).length;
          assert(differing > 200, `${differing} of 600 differ`);
        }
      }));
  },
});

Deno.test({
  name: "FusedOps.dropout() drops the rate's part and keeps the mean",
  ignore,
  async fn() {
    const { fused } = await startTensorFlow();
    for (const rate of [0.1, 0.5, 0.9]) {
      tf.tidy(() => {
        const values = fused.dropout(tf.fill([200, 200], 3), rate, [7, 8]).dataSync();
        const kept = Math.fround(3 / (1 - rate));
        assert(values.every((x) => x === 0 || Math.abs(x - kept) < 1e-5));
        const dropped = values.filter((x) => x === 0).length / values.length;
        // Five standard deviations of 40,000 draws.
        assert(Math.abs(dropped - rate) < 5 * Math.sqrt(rate * (1 - rate) / 40_000));
      });
    }
  },
});

Deno.test({
  name: "FusedOps.dropout()'s gradient goes through the same mask",
  ignore,
  async fn() {
    const { fused } = await startTensorFlow();
    tf.tidy(() => {
      const x = normal("x", [6, 5, 4]);
      const dy = normal("dy", [6, 5, 4]);
      const mask = tf.div(fused.dropout(x, 0.4, [3, 4]), x);
      const gradient = tf.grad((x) => fused.dropout(x, 0.4, [3, 4]))(x, dy);
      assert(relativeError(tf.mul(dy, mask), gradient) < 1e-6);
    });
  },
});

const activations = { linear: (x: tf.Tensor) => x, relu: tf.relu, relu6: tf.relu6 };
type Activation = keyof typeof activations;
const pads = ["same", "valid", [0, 1, 2, 1]] as const;

// oneDNN's kernel takes inputs of few channels, TensorFlow's own the others, and on a GPU those with
// an activation alone: what is done there instead runs here on the processor.
for (const [channels, gpu] of [[3, false], [6, false], [6, true]] as const) {
  Deno.test({
    name:
      `FusedOps.conv2d() of ${channels} channels equals convolution, bias and activation in turn` +
      (gpu ? ", as on a GPU" : ""),
    ignore,
    async fn() {
      const { backend } = await startTensorFlow();
      const fused = tensorflowFusedOps(backend, gpu);
      await withoutLeak(backend, () => {
        for (const stride of [1, 2]) {
          for (const pad of pads) {
            for (const activation of Object.keys(activations) as Activation[]) {
              tf.tidy(() => {
                const input = normal("input", [2, 7, 6, channels], 3) as tf.Tensor4D;
                const filter = normal("filter", [3, 2, channels, 5]) as tf.Tensor4D;
                const bias = normal("bias", [5]) as tf.Tensor1D;
                const padded = typeof pad === "string"
                  ? input
                  : tf.pad(input, [[0, 0], [pad[0], pad[1]], [pad[2], pad[3]], [0, 0]]);
                const sum = tf.conv2d(padded, filter, stride, pad === "same" ? "same" : "valid");
                const expected = activations[activation](tf.add(sum, bias));
                const given = typeof pad === "string" ? pad : [...pad] as [0, 1, 2, 1];
                const strides = [stride, stride] as [number, number];
                const actual = fused.conv2d(input, filter, bias, strides, given, activation);
                const error = relativeError(expected, actual);
                assert(error < 1e-5, `${stride}, ${pad}, ${activation}: off by ${error}`);
              });
            }
          }
        }
      });
    },
  });
}

Deno.test({
  name:
    "FusedOps.depthwiseConv2d() equals convolution, bias and activation in turn; x86 CPUs have it",
  ignore,
  async fn() {
    const { backend, fused, gpu } = await startTensorFlow();
    const { depthwiseConv2d } = fused;
    if (depthwiseConv2d === undefined) return assert(gpu || Deno.build.arch !== "x86_64");
    await withoutLeak(backend, () => {
      for (const stride of [1, 2]) {
        for (const pad of ["same", "valid"] as const) {
          for (const activation of Object.keys(activations) as Activation[]) {
            tf.tidy(() => {
              const input = normal("input", [2, 7, 6, 5], 3) as tf.Tensor4D;
              const filter = normal("filter", [3, 3, 5, 1]) as tf.Tensor4D;
              const bias = normal("bias", [5]) as tf.Tensor1D;
              const sum = tf.depthwiseConv2d(input, filter, stride, pad);
              const expected = activations[activation](tf.add(sum, bias));
              const strides = [stride, stride] as [number, number];
              const actual = depthwiseConv2d(input, filter, bias, strides, pad, activation);
              const error = relativeError(expected, actual);
              assert(error < 1e-5, `${stride}, ${pad}, ${activation}: off by ${error}`);
            });
          }
        }
      }
    });
  },
});
