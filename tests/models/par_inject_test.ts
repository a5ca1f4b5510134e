import * as tf from "@tensorflow/tfjs";
import { createDecoder, modelSettings, parameterCount } from "../../lib/models/mod.ts";
import { rowGroups } from "../../lib/nn/mod.ts";
import { assert, assertEquals } from "../assert.ts";

const [EMBEDDING, UNITS, VOCABULARY, WIDTH] = [5, 7, 23, 6];
const inputs = { vocabularySize: VOCABULARY, featureShape: [WIDTH] };
const made = (settings: Record<string, unknown> = {}) =>
  createDecoder(
    modelSettings.parse({ kind: "par_inject", embedding: EMBEDDING, units: UNITS, ...settings }),
    inputs,
  );

Deno.test("ParInjectDecoder: parameters are those of projection, embedding, recurrent layers and output", () => {
  const outside = (image: number, hidden: number) =>
    (WIDTH + 1) * image + VOCABULARY * EMBEDDING + (hidden + 1) * VOCABULARY;
  const lstm = 4 * UNITS * (UNITS + EMBEDDING + UNITS + 1); // reads photo and word
  assertEquals(parameterCount(made()), outside(UNITS, UNITS) + lstm);
  const grus = 3 * UNITS * (3 + EMBEDDING + UNITS + 2) + 3 * UNITS * (UNITS + UNITS + 2);
  assertEquals(
    parameterCount(made({ cell: "gru", layers: 2, imageUnits: 3, dense: 4 })),
    outside(3, 4) + grus + (UNITS + 1) * 4,
  );
});

Deno.test("ParInjectDecoder reads the photo with every word: another one changes every prediction", async () => {
  await tf.setBackend("cpu");
  tf.tidy(() => {
    const decoder = made();
    const weights = new Map(
      [...decoder.initialWeights(1)].map((
        [name, { shape, data }],
      ) => [name, tf.tensor(data, shape)]),
    );
    const one = decoder.start(weights, tf.ones([1, WIDTH])).state;
    const other = decoder.start(weights, tf.mul(tf.ones([1, WIDTH]), 2)).state;
    const seen = { photos: {}, groups: rowGroups([0], 1) };
    const said = decoder.step(weights, one, tf.tensor1d([1], "int32"), seen);
    // The photo is read anew beside the second word: what was remembered of the first stays.
    const word = tf.tensor1d([3], "int32");
    const logits = [one, other].map((
      { image },
    ) => [...decoder.step(weights, { ...said.state, image }, word, seen).logits.dataSync()]);
    assert(logits[0].every((x, i) => x !== logits[1][i]));
  });
});
