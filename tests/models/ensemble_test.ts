import * as tf from "@tensorflow/tfjs";
import { beamSearch } from "../../lib/decoding/mod.ts";
import { createDecoder, DecoderRows, ensembleOf, modelSettings } from "../../lib/models/mod.ts";
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "../assert.ts";

const featureShapes = [[2, 2], [3]];
const markers = { start: 1, end: 2, forbidden: [0, 1] };

function member(kind: "merge" | "init_inject", input: number, seed: number, vocabularySize = 8) {
  const featureShape = input === 0 ? [4] : featureShapes[input];
  const settings = kind === "merge"
    ? { kind, embedding: 3, units: 4, dense: 5 }
    : { kind, embedding: 3, units: 4 };
  const decoder = createDecoder(modelSettings.parse(settings), { vocabularySize, featureShape });
  return { decoder, weights: decoder.initialWeights(seed), featureShape, input };
}

type Member = ReturnType<typeof member>;

const tensors = (weights: Member["weights"]) =>
  new Map([...weights].map(([name, { shape, data }]) => [name, tf.tensor(data, shape)]));

/** Log probabilities of the words after some. @param features [photos, size] */
function after(one: Pick<Member, "weights" | "decoder">, features: tf.Tensor, words: number[]) {
  const weights = tensors(one.weights);
  const rows = new DecoderRows(one.decoder, weights, features);
  let logits: tf.Tensor | undefined;
  for (const word of words) {
    const read = new Array<number>(features.shape[0]).fill(word);
    ({ logits } = rows.read(read, (step) => step));
  }
  return tf.logSoftmax(logits!).dataSync();
}

Deno.test("ensembleOf() gives the mean of its members' probabilities, of other features too", async () => {
  await tf.setBackend("cpu");
  const before = tf.memory().numTensors;
  tf.tidy(() => {
    const members = [member("merge", 0, 1), member("init_inject", 1, 2), member("merge", 0, 3)];
    const ensemble = ensembleOf(members);
    assertEquals(ensemble.featureShape, [7]);
    const features = tf.tensor2d([[1, 2, 3, 4, 5, 6, 7], [-1, 0, 1, 0, 2, 0, 1]]);
    const parts = [tf.slice(features, [0, 0], [2, 4]), tf.slice(features, [0, 4], [2, 3])];
    for (const words of [[1], [1, 4, 5]]) {
      const each = members.map((one) => after(one, parts[one.input], words));
      after(ensemble as unknown as Member, features, words).forEach((log, i) => {
        const mean = each.reduce((sum, logs) => sum + Math.exp(logs[i]), 0) / members.length;
        assertAlmostEquals(Math.exp(log), mean, 1e-6);
      });
    }
  });
  assertEquals(tf.memory().numTensors, before);
});

Deno.test("ensembleOf() the same run twice captions as that run, and differs with another", async () => {
  await tf.setBackend("cpu");
  tf.tidy(() => {
    const one = member("merge", 0, 1);
    const features = tf.tensor2d([[1, 2, 3, 4], [0, -1, 2, 1]]);
    const settings = { beam: 3, maxLength: 5, lengthNormalisation: 0.7 };
    const found = ({ decoder, weights }: Pick<Member, "weights"> & {
      decoder: Parameters<typeof beamSearch>[0];
    }) => beamSearch(decoder, tensors(weights), features, markers, settings);
    const alone = found(one);
    const [twice, mixed] = [[one, one], [one, member("merge", 0, 9)]].map((all) =>
      found(ensembleOf(all))
    );
    for (const [photo, captions] of twice.entries()) {
      assertEquals(captions.map(({ words }) => words), alone[photo].map(({ words }) => words));
      assertAlmostEquals(captions[0].logProbability, alone[photo][0].logProbability, 1e-5);
      assert(Math.abs(mixed[photo][0].score - alone[photo][0].score) > 1e-3);
    }
  });
});

Deno.test("ensembleOf() refuses vocabularies of other sizes", () => {
  const members = [member("merge", 0, 1), member("merge", 0, 1, 9)];
  assertThrows(() => ensembleOf(members), RangeError, "Decoders of 8 and of 9 words have no mean");
});
