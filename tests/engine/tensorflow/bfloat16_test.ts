import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import { DataType } from "../../../lib/engine/tensorflow/data_types.ts";
import { assert, assertEquals, assertThrows } from "../../assert.ts";
import { normal, relativeError } from "./gradients.ts";
import { roundTrip, runOp, test, type } from "./run_op.ts";
import { ignoreTensorFlow as ignore, startTensorFlow, withoutLeak } from "./tensorflow_backend.ts";

/** Half of the distance between neighbours, as part of a number: 8 bits of it are kept. */
const ROUNDING = 2 ** -8;

test("Binding reads any bfloat16 as the float32 of equal value", (binding) => {
  fc.assert(
    fc.property(fc.uint16Array({ maxLength: 40 }), (bits) => {
      const read = roundTrip(binding, [bits.length], DataType.bfloat16, bits);
      assert(read instanceof Float32Array);
      assertEquals(read.length, bits.length);
      const view = new DataView(new ArrayBuffer(4));
      bits.forEach((half, i) => {
        view.setUint16(0, half);
        assert(Object.is(read[i], view.getFloat32(0)), `${half} is read as ${read[i]}`);
      });
    }),
    { numRuns: 50 },
  );
  assertEquals(
    roundTrip(binding, [], DataType.bfloat16, Uint16Array.of(0xc049)),
    Float32Array.of(-3.140625),
  );
});

test("Cast to bfloat16 rounds to the nearest, and keeps what bfloat16 can hold", (binding) => {
  const attributes = [type("SrcT", DataType.float32), type("DstT", DataType.bfloat16)];
  const cast = (values: number[]) =>
    runOp(binding, "Cast", attributes, [[[values.length], DataType.float32, values]])[0];
  const kept = [0, -1, 0.15625, 2 ** 100, 255, Infinity];
  assertEquals(cast(kept), {
    shape: [6],
    dtype: DataType.bfloat16,
    values: Float32Array.from(kept),
  });
  assertEquals(cast([257, 259, Math.fround(0.1)]).values, Float32Array.of(256, 260, 0.10009765625));
});

Deno.test({
  name: "Bfloat16Ops: from and to float32, no tensor left, and TF.js itself refuses such tensors",
  ignore,
  async fn() {
    const { backend, fused: { bfloat16 } } = await startTensorFlow();
    assert(bfloat16 !== undefined);
    assertEquals(bfloat16.problem(), undefined);
    await withoutLeak(backend, () => {
      tf.tidy(() => {
        const x = normal("x", [3, 5]);
        const rounded = bfloat16.fromFloat32(x);
        assertEquals(rounded.dtype, "float32");
        assertEquals(rounded.dataSync(), bfloat16.toFloat32(rounded).dataSync());
        assert(relativeError(x, bfloat16.toFloat32(rounded)) <= ROUNDING);
        assertThrows(() => tf.add(rounded, x), Error, "bfloat16");
      });
    });
  },
});

Deno.test({
  name:
    "Bfloat16Ops.conv2d() equals FusedOps.conv2d() of the rounded numbers but for the result's rounding",
  ignore,
  async fn() {
    const { backend, fused } = await startTensorFlow();
    const { bfloat16, conv2d } = fused;
    const pads = ["same", "valid", [0, 1, 2, 1]] as const;
    await withoutLeak(backend, () => {
      for (const channels of [3, 8]) {
        for (const pad of pads) {
          for (const activation of ["linear", "relu", "relu6"] as const) {
            tf.tidy(() => {
              const exact = [
                normal("input", [2, 7, 6, channels]),
                normal("filter", [3, 2, channels, 5]),
                normal("bias", [5]),
              ].map((x) => bfloat16!.fromFloat32(x)) as [tf.Tensor4D, tf.Tensor4D, tf.Tensor1D];
              const wide = exact.map((x) => bfloat16!.toFloat32(x)) as typeof exact;
              const padding = typeof pad === "string"
                ? pad
                : [...pad] as [number, number, number, number];
              const found = bfloat16!.conv2d(...exact, [2, 1], padding, activation);
              const expected = conv2d(...wide, [2, 1], padding, activation);
              assertEquals(found.shape, expected.shape);
              // The sum, and the sum with the bias, are rounded.
              const error = relativeError(bfloat16!.toFloat32(found), expected);
              assert(error < 2 * ROUNDING, `${channels} ${pad} ${activation}: ${error}`);
            });
          }
        }
      }
    });
  },
});

Deno.test({
  name: "Bfloat16Ops: dense, pools, sum, concatenation and ReLU equal TF.js' but for rounding",
  ignore,
  async fn() {
    const { backend, fused: { bfloat16 } } = await startTensorFlow();
    const ops = bfloat16!;
    await withoutLeak(backend, () => {
      tf.tidy(() => {
        const rounded = <X extends tf.Tensor>(x: X) => ops.toFloat32(ops.fromFloat32(x));
        const check = (found: tf.Tensor, expected: tf.Tensor, roundings: number) => {
          assertEquals(found.shape, expected.shape);
          const error = relativeError(ops.toFloat32(found), expected);
          assert(error <= roundings * ROUNDING, `${error}`);
        };
        const [a, b] = [rounded(normal("a", [5, 300])), rounded(normal("b", [300, 7]))];
        const bias = rounded(normal("bias", [7]));
        const sums = tf.add(tf.matMul(a, b), bias);
        const given = [a, b, bias].map((x) => ops.fromFloat32(x)) as [
          tf.Tensor2D,
          tf.Tensor2D,
          tf.Tensor1D,
        ];
        check(ops.dense(...given, "linear"), sums, 2);
        check(ops.dense(...given, "relu"), tf.relu(sums), 2);
        const x = rounded(normal("x", [2, 5, 6, 3])) as tf.Tensor4D;
        const narrow = ops.fromFloat32(x);
        for (const pad of ["same", "valid"] as const) {
          check(
            ops.pool("max", narrow, [3, 2], [2, 1], pad),
            tf.maxPool(x, [3, 2], [2, 1], pad),
            0,
          );
          check(
            ops.pool("mean", narrow, [3, 2], [2, 1], pad),
            tf.avgPool(x, [3, 2], [2, 1], pad),
            3,
          );
        }
        check(ops.relu(narrow), tf.relu(x), 0);
        check(ops.add([narrow, narrow, narrow]), tf.mul(x, 3), 2);
        check(ops.concat([narrow, narrow], 3), tf.concat([x, x], 3), 0);
      });
    });
  },
});
