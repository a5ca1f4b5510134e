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

Deno.test("InitInjectDecoder of three GRUs: parameters are those of projection, embedding, GRUs and output", () => {
  // Embedding 128, GRUs of 512 that all start with the photo's tanh, 10,000 words, VGG16's fc2.
  const model = modelSettings.parse({
    kind: "init_inject",
    cell: "gru",
    layers: 3,
    embedding: 128,
    units: 512,
  });
  const decoder = createDecoder(model, { vocabularySize: 10_000, featureShape: [4096] });
  const gru = (inputs: number) => 3 * 512 * (inputs + 512 + 2);
  const parameters = 4097 * 512 + 10_000 * 128 + gru(128) + 2 * gru(512) + 513 * 10_000;
  assertEquals(parameterCount(decoder), parameters);
});

Deno.test("InitInjectDecoder gives the photo to all layers or to the first, as tanh or as it is", async () => {
  await tf.setBackend("cpu");
  tf.tidy(() => {
    const started = (changes: Record<string, unknown>) => {
      const model = modelSettings.parse({ ...settings, layers: 2, ...changes });
      const decoder = createDecoder(model, { vocabularySize: VOCABULARY, featureShape: [WIDTH] });
      const weights = new Map(
        [...decoder.initialWeights(1)].map((
          [name, { shape, data }],
        ) => [name, tf.tensor(data, shape)]),
      );
      const { state } = decoder.start(weights, tf.ones([1, WIDTH]));
      return Object.fromEntries(
        Object.entries(state).map(([name, part]) => [name, [...part.dataSync()]]),
      );
    };
    const all = started({});
    assertEquals(all.h_2, all.h);
    assertEquals(all.c_2, all.c);
    const first = started({ injectInto: "first", initialOutput: "projection" });
    assertEquals(first.c, all.c);
    assertEquals(first.h, all.c);
    assertEquals([first.h_2, first.c_2], [new Array(UNITS).fill(0), new Array(UNITS).fill(0)]);
    assertEquals(Object.keys(started({ cell: "gru" })), ["h", "h_2"]);
  });
});

Deno.test("InitInjectDecoder: start() is the projected photo as cells, and its tanh as output", async () => {
  await tf.setBackend("cpu");
  tf.tidy(() => {
    const weights = new Map(
      [...decoder.initialWeights(1)].map((
        [name, { shape, data }],
      ) => [name, tf.tensor(data, shape)]),
    );
    const { h, c } = decoder.start(weights, tf.tensor2d([[1, 1, 1, 1, 1, 1]])).state; // mean square 1
    const kernel = weights.get("image/kernel") as tf.Tensor2D;
    const expected = tf.sum(kernel, 0).dataSync();
    assertEquals([h.shape, c.shape], [[1, UNITS], [1, UNITS]]);
    c.dataSync().forEach((x, i) => assertAlmostEquals(x, expected[i], 1e-5));
    h.dataSync().forEach((x, i) => assertAlmostEquals(x, Math.tanh(expected[i]), 1e-5));
  });
});
