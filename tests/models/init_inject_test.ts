import * as tf from "@tensorflow/tfjs";
import { createDecoder, modelSettings, parameterCount } from "../../lib/models/mod.ts";
import { assertAlmostEquals, assertEquals } from "../assert.ts";

const [EMBEDDING, UNITS, VOCABULARY, WIDTH] = [5, 7, 23, 6];
const settings = modelSettings.parse({ kind: "init_inject", embedding: EMBEDDING, units: UNITS });
const decoder = createDecoder(settings, { vocabularySize: VOCABULARY, featureShape: [WIDTH] });

Deno.test("InitInjectDecoder: parameters are those of projection, embedding, LSTM and output", () => {
  const lstm = 4 * UNITS * (EMBEDDING + UNITS + 1);
  assertEquals(
    parameterCount(decoder),
    (WIDTH + 1) * UNITS + VOCABULARY * EMBEDDING + lstm + (UNITS + 1) * VOCABULARY,
  );
});

Deno.test("InitInjectDecoder: start() is the projected photo as cells, and its tanh as output", async () => {
  await tf.setBackend("cpu");
  tf.tidy(() => {
    const weights = new Map(
      [...decoder.initialWeights(1)].map((
        [name, { shape, data }],
      ) => [name, tf.tensor(data, shape)]),
    );
    const { h, c } = decoder.start(weights, tf.tensor2d([[1, 1, 1, 1, 1, 1]])); // mean square 1
    const kernel = weights.get("image/kernel") as tf.Tensor2D;
    const expected = tf.sum(kernel, 0).dataSync();
    assertEquals([h.shape, c.shape], [[1, UNITS], [1, UNITS]]);
    c.dataSync().forEach((x, i) => assertAlmostEquals(x, expected[i], 1e-5));
    h.dataSync().forEach((x, i) => assertAlmostEquals(x, Math.tanh(expected[i]), 1e-5));
  });
});
