import * as tf from "@tensorflow/tfjs";
import { Captioner } from "../../lib/captioner/mod.ts";
import { type DecodingSettings, decodingSettings } from "../../lib/decoding/mod.ts";
import { createDecoder, modelSettings } from "../../lib/models/mod.ts";
import { fitTokenizer, textSettings } from "../../lib/text/mod.ts";
import { assert, assertEquals, assertRejects, assertThrows } from "../assert.ts";

const captions = ["a red circle", "a blue square on grass", "two red squares"];
const featureShape = [6];
const decoding: DecodingSettings = decodingSettings.parse({ maxLength: 6 });

function parts() {
  const tokenizer = fitTokenizer(captions, textSettings.parse({ minCount: 1 }));
  const decoder = createDecoder(
    modelSettings.parse({ kind: "merge", embedding: 4, units: 5, dense: 4 }),
    { vocabularySize: tokenizer.vocabularySize, featureShape },
  );
  return { decoder, weights: decoder.initialWeights(1), tokenizer, featureShape, decoding };
}

/** A captioner of random weights on the plain backend; it has to leave no tensor behind. */
function test(name: string, fn: (captioner: Captioner) => Promise<void>) {
  Deno.test(name, async () => {
    await tf.setBackend("cpu");
    const before = tf.memory().numTensors;
    const captioner = new Captioner(parts());
    await fn(captioner);
    captioner.dispose();
    assertEquals(tf.memory().numTensors, before);
  });
}

test(
  "captionFeatures() of many photos equals one at a time, in batches of any size",
  async (captioner) => {
    const photos = 5;
    const features = Float32Array.from({ length: photos * 6 }, (_, i) => Math.sin(i * i));
    const all = await captioner.captionFeatures(features, photos);
    assertEquals(all.length, photos);
    const inBatches = await captioner.captionFeatures(features, photos, {
      ...decoding,
      batchSize: 2,
    });
    assertEquals(inBatches.map(({ caption }) => caption), all.map(({ caption }) => caption));
    for (let i = 0; i < photos; i++) {
      const [one] = await captioner.captionFeatures(features.slice(i * 6, i * 6 + 6), 1);
      assertEquals(one.caption, all[i].caption);
      assertEquals(one.alternatives.length, decoding.beam - 1);
      assertEquals(one.words.map(({ word }) => word).join(" "), one.caption);
      for (const { word, probability } of one.words) {
        assert(!/[<>]/.test(word) && probability > 0 && probability <= 1, word);
      }
    }
  },
);

test("captionFeatures() leaves no tensor behind, also where it is ended", async (captioner) => {
  const loaded = tf.memory().numTensors;
  await captioner.captionFeatures(new Float32Array(18), 3);
  assertEquals(tf.memory().numTensors, loaded);
  const signal = AbortSignal.abort(new Error("enough"));
  await assertRejects(
    () => captioner.captionFeatures(new Float32Array(18), 3, decoding, { signal }),
    Error,
    "enough",
  );
  assertEquals(tf.memory().numTensors, loaded);
});

test("captionFeatures() refuses numbers that are not the photos' features", async (captioner) => {
  const error = await assertRejects(
    () => captioner.captionFeatures(new Float32Array(13), 2),
    RangeError,
  );
  assert(error.message.includes("[6] are 12 numbers, not 13"), error.message);
});

Deno.test("Captioner without one of the decoder's weights names it", async () => {
  await tf.setBackend("cpu");
  const given = parts();
  given.weights.delete("output/bias");
  assertThrows(() => new Captioner(given), RangeError, "output/bias");
});
