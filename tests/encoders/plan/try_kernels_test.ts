import * as tf from "@tensorflow/tfjs";
import type { Convolution } from "../../../lib/nn/mod.ts";
import {
  convolutionName,
  multiplications,
  type PlannedConvolution,
} from "../../../lib/encoders/plan/planned_convolution.ts";
import { tryKernels } from "../../../lib/encoders/plan/try_kernels.ts";
import { assertEquals } from "../../assert.ts";

await tf.setBackend("cpu");

function planned(
  input: [number, number, number],
  filters: number,
  { strides = [1, 1], pad = "same" }: Partial<Pick<PlannedConvolution, "strides" | "pad">> = {},
): PlannedConvolution {
  const filter = tf.zeros([3, 3, input[2], filters]) as tf.Tensor4D;
  const bias = tf.zeros([filters]) as tf.Tensor1D;
  const shape = { input, filter, bias, strides, pad, activation: "relu" as const };
  return { name: convolutionName(shape), ...shape };
}

/** Two kernels on a clock of their own, which take as long as is said. */
function kernels(milliseconds: (kernel: string, channels: number, call: number) => number) {
  let time = 0, calls = 0;
  const kernel = (name: string): Convolution => (input) => {
    time += milliseconds(name, input.shape[3], calls++);
    return tf.zeros([1, 1, 1, 1]);
  };
  const [eigen, oneDnn] = [kernel("eigen"), kernel("oneDnn")];
  return { eigen, oneDnn, now: () => time, calls: () => calls };
}

Deno.test("tryKernels() names the convolutions that oneDNN computes 5 % faster, each once", () => {
  const before = tf.memory().numTensors;
  const convolutions = [planned([8, 8, 3], 4), planned([4, 4, 5], 6), planned([2, 2, 7], 8)];
  // Of 3 channels twice as fast, of 5 a little, of 7 slower; the first call takes long in any case.
  const { now, ...made } = kernels((kernel, channels, call) =>
    call < 2 ? 50 : kernel === "eigen" ? 10 : { 3: 5, 5: 9.6, 7: 12 }[channels]!
  );
  assertEquals(tryKernels([...convolutions, planned([8, 8, 3], 4)], made, now), [
    "8x8x3 3x3x4 /1 same",
  ]);
  assertEquals(made.calls(), 3 * 2 * 3);
  tf.dispose(convolutions.flatMap(({ filter, bias }) => [filter, bias]));
  assertEquals(tf.memory().numTensors, before + 2);
});

Deno.test("tryKernels() begins no further round after four seconds", () => {
  const { now, ...made } = kernels((kernel) => kernel === "eigen" ? 3000 : 2000);
  const convolutions = [planned([8, 8, 3], 4), planned([4, 4, 5], 6)];
  const names = convolutions.map(({ name }) => name).sort();
  assertEquals(tryKernels(convolutions, made, now), names);
  assertEquals(made.calls(), 4);
});

Deno.test("convolutionName() and multiplications() tell shapes, strides and padding apart", () => {
  const of = (...args: Parameters<typeof planned>) => {
    const one = planned(...args);
    return [one.name, multiplications(one)];
  };
  assertEquals(of([9, 7, 2], 4), ["9x7x2 3x3x4 /1 same", 9 * 7 * 9 * 2 * 4]);
  assertEquals(of([9, 7, 2], 4, { strides: [2, 1], pad: "valid" }), [
    "9x7x2 3x3x4 /2x1 valid",
    4 * 5 * 9 * 2 * 4,
  ]);
  assertEquals(of([9, 7, 2], 4, { strides: [2, 2], pad: [1, 1, 0, 1] }), [
    "9x7x2 3x3x4 /2 1,1,0,1",
    5 * 3 * 9 * 2 * 4,
  ]);
});
