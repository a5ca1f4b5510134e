import * as tf from "@tensorflow/tfjs";
import type { FusedOps } from "../../../lib/nn/mod.ts";
import { Random } from "../../../lib/random/mod.ts";
import { assert, assertAlmostEquals, assertEquals } from "../../assert.ts";
import { cosine, normal, relativeError } from "./gradients.ts";
import { ignoreTensorFlow as ignore, startTensorFlow, withoutLeak } from "./tensorflow_backend.ts";

/** Half of the distance between neighbours, as part of a number: 8 bits of it are kept. */
const ROUNDING = 2 ** -8;

/** The kernels round a product once, and twice where they add it up from two parts. */
const OF_A_PRODUCT = 2 * ROUNDING;

function test(name: string, criterion: (fused: FusedOps) => void): void {
  Deno.test({
    name,
    ignore,
    async fn() {
      const { backend, fused } = await startTensorFlow();
      await withoutLeak(backend, () => tf.tidy(() => criterion(fused)));
    },
  });
}

test("FusedOps.in('float32') multiplies as TF.js does", (fused) => {
  assertEquals(fused.matMul, undefined);
  assertEquals(fused.in("bfloat16").in("float32").matMul, undefined);
});

test("FusedOps.in('bfloat16').matMul() is the product of the rounded matrices, and so are its gradients", (fused) => {
  const { matMul, bfloat16 } = fused.in("bfloat16");
  const [a, b, dy] = [[150, 200], [200, 160], [150, 160]].map((shape, i) => normal(`${i}`, shape));
  const round = (x: tf.Tensor) => bfloat16!.toFloat32(bfloat16!.fromFloat32(x));
  const matrices = [a, b] as tf.Tensor2D[];
  const product = matMul!(matrices[0], matrices[1]);
  assert(relativeError(tf.matMul(round(a), round(b)), product) <= OF_A_PRODUCT);
  assert(relativeError(tf.matMul(a, b), product) > 1e-6, "nothing was rounded");
  const found = tf.grads((a, b) => matMul!(a as tf.Tensor2D, b as tf.Tensor2D))(matrices, dy);
  const expected = [
    tf.matMul(round(dy), round(b), false, true),
    tf.matMul(round(a), round(dy), true, false),
  ];
  found.forEach((gradient, i) => assert(relativeError(expected[i], gradient) <= OF_A_PRODUCT));
});

test("FusedOps.in('bfloat16').matMul() leaves small products as they are", (fused) => {
  const [a, b] = [[9, 30], [30, 20]].map((shape, i) => normal(`${i}`, shape) as tf.Tensor2D);
  assertEquals(fused.in("bfloat16").matMul!(a, b).dataSync(), tf.matMul(a, b).dataSync());
});

const cases = {
  "one piece": { rows: 40, units: 64, classes: 900, scale: 0.2 },
  "two pieces": { rows: 17, units: 2, classes: 460_000, scale: 1 },
  "logits whose exponentials overflow": { rows: 40, units: 16, classes: 300, scale: 60 },
};

for (const [name, { rows, units, classes, scale }] of Object.entries(cases)) {
  test(`linearCrossEntropy() in bfloat16 has the value and gradients of float32: ${name}`, (fused) => {
    const random = new Random(4, "labels");
    const labels = tf.tensor1d(
      Int32Array.from({ length: rows }, () => random.integer(0, classes)),
      "int32",
    );
    const inputs = [
      normal("hidden", [rows, units]),
      normal("kernel", [units, classes], scale),
      normal("bias", [classes], 0.1),
    ];
    const inArithmetic = (arithmetic: "float32" | "bfloat16") => {
      const { linearCrossEntropy } = fused.in(arithmetic);
      const loss = (h: tf.Tensor, k: tf.Tensor, b: tf.Tensor) =>
        linearCrossEntropy(h as tf.Tensor2D, k as tf.Tensor2D, b as tf.Tensor1D, labels);
      const { value, grads } = tf.valueAndGrads(loss)(inputs);
      const [hidden, kernel, bias] = inputs;
      assertEquals(loss(hidden, kernel, bias).dataSync(), value.dataSync());
      return { value: value.dataSync()[0], grads };
    };
    const [exact, rounded] = [inArithmetic("float32"), inArithmetic("bfloat16")];
    assertAlmostEquals(rounded.value / exact.value, 1, ROUNDING);
    assert(rounded.value !== exact.value, "nothing was rounded");
    exact.grads.forEach((gradient, i) => {
      const similarity = cosine(gradient, rounded.grads[i]);
      assert(similarity > .999, `gradient ${i}: ${similarity}`);
    });
  });
}

test("lstm() in bfloat16 has the values and gradients of float32", (fused) => {
  const [time, batch, width, units] = [6, 8, 12, 16];
  const inputs = [
    normal("x", [time, batch, width]),
    normal("kernel", [width, 4 * units], 0.3),
    normal("recurrent", [units, 4 * units], 0.3),
    normal("bias", [4 * units], 0.3),
  ];
  const dy = normal("dy", [time, batch, units]) as tf.Tensor3D;
  const inArithmetic = (arithmetic: "float32" | "bfloat16") => {
    const { value, grads } = tf.valueAndGrads((x, kernel, recurrent, bias) =>
      fused.in(arithmetic).lstm(
        x as tf.Tensor3D,
        kernel as tf.Tensor2D,
        recurrent as tf.Tensor2D,
        bias as tf.Tensor1D,
      )
    )(inputs, dy);
    return [value, ...grads];
  };
  const [exact, rounded] = [inArithmetic("float32"), inArithmetic("bfloat16")];
  exact.forEach((x, i) => {
    const similarity = cosine(x, rounded[i]);
    assert(similarity > .999 && relativeError(x, rounded[i]) > 1e-5, `${i}: ${similarity}`);
  });
});
