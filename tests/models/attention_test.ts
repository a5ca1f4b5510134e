import * as tf from "@tensorflow/tfjs";
import { createDecoder, DecoderRows, modelSettings, parameterCount } from "../../lib/models/mod.ts";
import { captionBatch, crossEntropy, disposeBatch } from "../../lib/training/mod.ts";
import { gradientsOf } from "../../lib/training/gradients_of.ts";
import { Random } from "../../lib/random/mod.ts";
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "../assert.ts";
import { normal, relativeError } from "../engine/tensorflow/gradients.ts";
import { madeCaptions } from "./made_captions.ts";

// On TF.js' own backend: no permission is needed.
const VOCABULARY = 23, GRID = [2, 3], CHANNELS = 6;
const inputs = { vocabularySize: VOCABULARY, featureShape: [...GRID, CHANNELS] };

function made(changes: Record<string, unknown> = {}) {
  const small = { embedding: 5, units: 6, regionUnits: 4, heads: 2 };
  const settings = modelSettings.parse({ kind: "attention", ...small, ...changes });
  const decoder = createDecoder(settings, inputs);
  const weights = new Map(
    [...decoder.initialWeights(3)].map(([name, { shape, data }]) => [
      name,
      tf.add(tf.tensor(data, shape), normal(name, shape, 0.5)),
    ]),
  );
  return { decoder, weights };
}

Deno.test("AttentionDecoder: parameters are those of its layers", () => {
  const count = (changes: Record<string, unknown>) => parameterCount(made(changes).decoder);
  const image = (CHANNELS + 1) * 4 + 2 * 4;
  const initial = (4 + 1) * 12;
  const lstm = 5 * 24 + 6 * (24 + 8) + 24 + 8 + 4 * 24 + 2 * 4 * 4;
  const hidden = (6 + 4 + 1) * 5;
  const tied = image + initial + VOCABULARY * 5 + lstm + hidden + VOCABULARY;
  assertEquals(count({}), tied);
  assertEquals(count({ tiedOutput: false }), tied + 5 * VOCABULARY);
  assertEquals(count({ adaptive: true }), tied + 5 * 6 + 6 * 6 + 6 + 6 * 8);
});

Deno.test("AttentionDecoder: attention of a row sums to 1; a sentinel takes what is left", async () => {
  await tf.setBackend("cpu");
  tf.tidy(() => {
    for (const adaptive of [false, true]) {
      const { decoder, weights } = made({ adaptive });
      const rows = new DecoderRows(decoder, weights, normal("photos", [3, ...inputs.featureShape]));
      const { attention } = rows.read([1, 5, 7], (step) => step);
      assertEquals(attention!.shape, [3, 6]);
      for (const sum of tf.sum(attention!, 1).dataSync()) {
        if (adaptive) assert(sum > 0.01 && sum < 0.99, `${sum}`);
        else assertAlmostEquals(sum, 1, 1e-6);
      }
    }
  });
});

Deno.test("AttentionDecoder: captions of one photo lose what they lose beside its copies", async () => {
  await tf.setBackend("cpu");
  const { decoder, weights } = made();
  const set = madeCaptions(4, { grid: GRID });
  const feature = set.features.gather(["photo0"]);
  const features = {
    ...set.features,
    gather: (digests: string[]) => Float32Array.from(digests.flatMap(() => [...feature])),
  };
  const loss = (photos: string[]) => {
    const { batch } = captionBatch({ ...set, photos, features }, [0, 1, 2, 3]);
    assertEquals(batch.features.shape[0], new Set(photos).size);
    const loss = tf.tidy(() => crossEntropy(decoder, weights, batch).dataSync()[0]);
    disposeBatch(batch);
    return loss;
  };
  const apart = loss(["a", "b", "c", "d"]);
  const shared = [["a", "a", "a", "a"], ["a", "b", "a", "b"], ["b", "a", "b", "c"], [
    "a",
    "b",
    "b",
    "b",
  ]];
  for (const photos of shared) assertAlmostEquals(loss(photos), apart, 1e-6, `${photos}`);
});

Deno.test("AttentionDecoder: the penalty is that of the shares that step() gives, and reaches the gradients alone", async () => {
  await tf.setBackend("cpu");
  tf.tidy(() => {
    const set = madeCaptions(3, { grid: GRID });
    const { batch, words } = captionBatch(set, [0, 1, 2]);
    const { decoder, weights } = made({ attentionPenalty: 0.5 });
    let penalty: tf.Scalar | undefined;
    crossEntropy(decoder, weights, batch, undefined, (found) => penalty = found);
    let expected = 0;
    for (const [i, caption] of set.captions.entries()) {
      const photo = tf.tensor(set.features.gather([`photo${i}`]), [1, ...inputs.featureShape]);
      const rows = new DecoderRows(decoder, weights, photo);
      const sums = new Float64Array(6);
      for (const word of caption.slice(0, -1)) {
        const step = rows.read([word], (step) => step);
        step.attention!.dataSync().forEach((share, region) => sums[region] += share);
      }
      expected += sums.reduce((sum, share) => sum + (1 - share) ** 2, 0) / 3;
    }
    assertAlmostEquals(penalty!.dataSync()[0], 0.5 * expected, 1e-5);

    const gradients = [made(), { decoder, weights }].map(({ decoder }) => {
      const part = { words, path: [], read: () => captionBatch(set, [0, 1, 2]).batch };
      const options = { objective: crossEntropy, random: () => new Random(1) };
      return gradientsOf(decoder, weights, { words, parts: [part] }, options);
    });
    assertEquals(gradients[0].loss, gradients[1].loss);
    const keys = gradients.map(({ sums }) => sums.get("attention_lstm/key_kernel")!);
    assert(relativeError(keys[0], keys[1]) > 0.01);
  });
});

Deno.test("AttentionDecoder refuses heads that do not divide regionUnits", () => {
  assertThrows(() => made({ heads: 3 }), Error, "It does not divide regionUnits, which is 4");
});
