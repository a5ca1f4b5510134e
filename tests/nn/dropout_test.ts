import * as tf from "@tensorflow/tfjs";
import { dropout } from "../../lib/nn/mod.ts";
import { Random } from "../../lib/random/mod.ts";
import { assert, assertEquals } from "../assert.ts";

// The plain way, on TF.js' own backend: no permission is needed.
Deno.test("dropout(), plain, keeps or divides by 1 - rate, the same for the same random numbers", async () => {
  tf.env().set("IS_TEST", true);
  await tf.setBackend("cpu");
  tf.tidy(() => {
    const draw = (name: string) =>
      dropout(tf.ones([100, 100]), 0.25, new Random(1, name)).dataSync();
    const values = draw("a");
    assert(values.every((x) => x === 0 || Math.abs(x - 4 / 3) < 1e-6));
    const dropped = values.filter((x) => x === 0).length / values.length;
    assert(Math.abs(dropped - 0.25) < 5 * Math.sqrt(0.25 * 0.75 / 10_000), `${dropped}`);
    assertEquals(draw("a"), values);
    assert(draw("b").some((x, i) => x !== values[i]));
  });
});

Deno.test("dropout() returns its input at rate 0 and without random numbers", () => {
  const x = {} as tf.Tensor;
  assert(dropout(x, 0, new Random(1)) === x);
  assert(dropout(x, 0.5, undefined) === x);
});
