import * as tf from "@tensorflow/tfjs";
import { assert, assertEquals } from "../../assert.ts";
import { kernelCases } from "./kernel_cases.ts";
import { ignoreTensorFlow, startTensorFlow } from "./tensorflow_backend.ts";

type Computation = typeof kernelCases[string][string];
type Values = (number | string | boolean)[];

/** What came out, as plain arrays; the kernels that ran are added to `ran`. */
async function compute(backend: "cpu" | "tensorflow", work: Computation, ran?: Set<string>) {
  tf.env().set("IS_TEST", true); // the cpu backend's advertisement
  await tf.setBackend(backend);
  tf.engine().startScope();
  try {
    let result: ReturnType<Computation> | undefined;
    const { kernelNames } = await tf.profile(() => {
      result = work();
      return result instanceof Promise ? [] : result;
    });
    kernelNames.forEach((name) => ran?.add(name));
    return [await result!].flat().map((tensor) => ({
      dtype: tensor.dtype,
      shape: tensor.shape,
      values: Array.from(tensor.dataSync() as unknown as Values),
    }));
  } finally {
    tf.engine().endScope();
  }
}

function distance(expected: Values, actual: Values): number {
  const numbers = expected.filter((x) => typeof x === "number" && Number.isFinite(x)) as number[];
  const size = Math.max(1, ...numbers.map(Math.abs));
  return Math.max(
    0,
    ...expected.map((x, i) => {
      if (Object.is(x, actual[i]) || x === actual[i]) return 0;
      const error = Math.abs(Number(x) - Number(actual[i])) / size;
      return Number.isNaN(error) ? Infinity : error;
    }),
  );
}

for (const [group, cases] of Object.entries(kernelCases)) {
  Deno.test({
    name: `TF.js on TensorFlow equals its cpu backend within 1e-5: ${group}`,
    ignore: ignoreTensorFlow,
    async fn() {
      await startTensorFlow();
      const failures: string[] = [];
      for (const [name, work] of Object.entries(cases)) {
        const expected = await compute("cpu", work);
        const actual = await compute("tensorflow", work);
        for (const [i, { dtype, shape, values }] of expected.entries()) {
          assertEquals([actual[i].dtype, actual[i].shape], [dtype, shape], `${name}, result ${i}`);
          const error = distance(values, actual[i].values);
          if (!(error <= 1e-5)) failures.push(`${name}, result ${i}: off by ${error}`);
        }
      }
      assertEquals(failures, []);
    },
  });
}

Deno.test({
  name: "Every kernel that TF.js' Node backend registers was compared",
  ignore: ignoreTensorFlow,
  async fn() {
    await startTensorFlow();
    const ran = new Set<string>();
    for (const work of Object.values(kernelCases).flatMap((cases) => Object.values(cases))) {
      await compute("tensorflow", work, ran);
    }
    const registered = tf.getKernelsForBackend("tensorflow").map(({ kernelName }) => kernelName);
    assert(registered.length > 150);
    // Random draws differ from backend to backend by their nature; the next test has them.
    assertEquals(registered.filter((name) => name !== "Multinomial" && !ran.has(name)), []);
  },
});

Deno.test({
  name: "tf.multinomial() draws what is certain, and only classes that exist",
  ignore: ignoreTensorFlow,
  async fn() {
    await startTensorFlow();
    tf.tidy(() => {
      const certain = tf.multinomial(tf.tensor2d([[-50, 50, -50]]), 20, 1);
      assertEquals([...certain.dataSync()], new Array(20).fill(1));
      const even = tf.multinomial(tf.zeros([1, 4]) as tf.Tensor2D, 200, 7);
      assertEquals(new Set(even.dataSync()), new Set([0, 1, 2, 3]));
    });
  },
});
