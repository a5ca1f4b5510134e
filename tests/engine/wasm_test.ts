import { assert, assertAlmostEquals, assertEquals } from "../assert.ts";
import { runFixture } from "./run_fixture.ts";
import { ignoreTensorFlow as ignore } from "./tensorflow/tensorflow_backend.ts";

async function run(name: string, engine: string, env: Record<string, string> = {}) {
  const { code, stdout, stderr } = await runFixture(name, { SHOWTELL_ENGINE: engine, ...env });
  assertEquals([code, stderr], [0, ""]);
  const result = JSON.parse(stdout);
  assertEquals(result.name, engine);
  return result;
}

Deno.test({
  name: "WASM's UnsortedSegmentSum adds up rows by segment and leaves out what has none",
  ignore,
  async fn() {
    const { rows, numbers, integers, none, gradient } = await run("segment_sums.ts", "wasm");
    assertEquals(rows, {
      shape: [4, 2],
      dtype: "float32",
      values: [3, 4, 0, 0, 6, 8, 0, 0],
    });
    assertEquals(numbers.values, [2, 0, 5.5, 0]);
    assertEquals(integers, { shape: [4], dtype: "int32", values: [20_000_001, 0, 5, 0] });
    assertEquals(none, { shape: [4, 3], dtype: "float32", values: new Array(12).fill(0) });
    assertEquals(gradient, [2, 4, 18, 24, 0, 0]);
  },
});

const trained: Record<string, Record<string, unknown>> = {
  "a merge decoder": { kind: "merge", l2: 0.01 },
  "a par_inject decoder of two GRUs with hard gates": {
    kind: "par_inject",
    cell: "gru",
    layers: 2,
    recurrentActivation: "hard_sigmoid",
  },
};

for (const [name, settings] of Object.entries(trained)) {
  Deno.test({
    name:
      `Training ${name} on WASM equals that on TensorFlow within 1e-4: loss, gradients, weights`,
    ignore,
    async fn() {
      const [expected, actual] = [
        await run("train_step.ts", "tensorflow", { DECODER: JSON.stringify(settings) }),
        await run("train_step.ts", "wasm", { DECODER: JSON.stringify(settings) }),
      ];
      assertAlmostEquals(actual.loss, expected.loss, 1e-4);
      for (const kind of ["gradients", "weights"]) {
        for (const [name, values] of Object.entries<number[]>(expected[kind])) {
          assertEquals(actual[kind][name].length, values.length);
          assert(values.some((x) => x !== 0), `${kind} of ${name} are all zero`);
          const size = Math.max(...values.map(Math.abs));
          const error = Math.max(...values.map((x, i) => Math.abs(x - actual[kind][name][i])));
          assert(error <= 1e-4 * size, `${kind} of ${name}: ${error} of ${size}`);
        }
      }
    },
  });
}
