import * as tf from "@tensorflow/tfjs";
import { beamSearch, wordReading } from "../../lib/decoding/mod.ts";
import { createDecoder, type DecoderStep, modelSettings } from "../../lib/models/mod.ts";
import { assertAlmostEquals, assertEquals } from "../assert.ts";

const markers = { start: 1, end: 2, forbidden: [0, 1] };

for (const kind of ["merge", "init_inject", "par_inject", "bilstm_dot"] as const) {
  Deno.test(`wordReading() of ${kind} gives the probabilities that decoding gives`, async () => {
    await tf.setBackend("cpu");
    const before = tf.memory().numTensors;
    const decoder = createDecoder(
      modelSettings.parse({ kind, embedding: 4, units: 5 }),
      { vocabularySize: 12, featureShape: [3] },
    );
    const weights = new Map(
      [...decoder.initialWeights(3)].map((
        [name, { shape, data }],
      ) => [name, tf.tensor(data, shape)]),
    );
    const features = tf.tensor2d([[0.3, -1, 2], [1, 0.5, -0.2]]);
    const settings = { beam: 1, maxLength: 5, lengthNormalisation: 0 };
    const decoded = beamSearch(decoder, weights, features, markers, settings);
    for (const [photo, [{ words, probabilities }]] of decoded.entries()) {
      const read = await wordReading(decoder, weights, features, words, markers);
      assertEquals([read.logProbabilities.length, read.attention], [2, undefined]);
      const own = read.logProbabilities[photo];
      assertEquals(own.length, words.length);
      own.forEach((log, i) => assertAlmostEquals(Math.exp(log), probabilities[i], 1e-5));
    }
    tf.dispose([features, ...weights.values()]);
    assertEquals(tf.memory().numTensors, before);
  });
}

Deno.test("wordReading() hands on a decoder's attention by photo and word", async () => {
  await tf.setBackend("cpu");
  const before = tf.memory().numTensors;
  let steps = 0;
  const decoder = {
    vocabularySize: 4,
    start: () => ({ state: { rows: tf.zeros([2]) } }),
    step: (): DecoderStep => ({
      logits: tf.zeros([2, 4]),
      state: { rows: tf.zeros([2]) },
      attention: tf.tensor2d([[0, 1, 2], [3, 4, 5]]).add(10 * steps++) as tf.Tensor2D,
    }),
  };
  const features = tf.zeros([2, 1]);
  const read = await wordReading(decoder, new Map(), features, [3, 2], markers);
  assertEquals(
    read.attention!.map((photo) => photo.map((word) => [...word])),
    [[[0, 1, 2], [10, 11, 12]], [[3, 4, 5], [13, 14, 15]]],
  );
  features.dispose();
  assertEquals(tf.memory().numTensors, before);
});
