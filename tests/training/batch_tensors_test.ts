import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import { Random } from "../../lib/random/mod.ts";
import { captionBatch, type CaptionSet, disposeBatch } from "../../lib/training/mod.ts";
import { assert, assertEquals } from "../assert.ts";

/** Two captions a photo, whose words tell where they stand: 100 × caption + position. */
function tellingSet(lengths: number[]): CaptionSet {
  return {
    captions: lengths.map((length, i) => Int32Array.from({ length }, (_, t) => 100 * (i + 1) + t)),
    photos: lengths.map((_, i) => `${i >> 1}`),
    features: {
      featureShape: [2],
      gather: (digests) => Float32Array.from(digests.flatMap((digest) => [+digest, 2 * +digest])),
    },
  };
}

Deno.test("captionBatch() has at every position its caption, its word and the next word, each once", async () => {
  tf.env().set("IS_TEST", true);
  await tf.setBackend("cpu");
  const before = tf.memory().numTensors;
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 2, max: 9 }), { minLength: 1, maxLength: 12 }),
      fc.nat(),
      (lengths, seed) => {
        const set = tellingSet(lengths);
        const indices = new Random(seed, "batch").shuffled(lengths.map((_, i) => i));
        const { batch, words } = captionBatch(set, indices);
        const { captions, time } = batch;
        const all = lengths.length * (Math.max(...lengths) - 1);
        assertEquals([captions, time], [lengths.length, Math.max(...lengths) - 1]);
        assertEquals(batch.inputs.shape, [time, captions]);
        assertEquals(words, lengths.reduce((sum, length) => sum + length - 1, 0));
        assertEquals(batch.positions === undefined, words === all);
        assertEquals(
          tf.tidy(() => [...tf.gather(batch.features, batch.photoOf).dataSync()]),
          indices.flatMap((index) => [index >> 1, 2 * (index >> 1)]),
        );
        assertEquals(batch.features.shape, [Math.ceil(lengths.length / 2), 2]); // each photo once
        const inputs = batch.inputs.dataSync();
        const positions = batch.positions?.dataSync() ??
          Int32Array.from({ length: all }, (_, i) => i);
        const captionOf = batch.captionOf.dataSync();
        const labels = batch.labels.dataSync();
        assertEquals([positions.length, captionOf.length, labels.length], [words, words, words]);
        const seen = new Set(positions);
        assertEquals(seen.size, words);
        positions.forEach((position, k) => {
          const [t, column] = [Math.floor(position / captions), position % captions];
          const caption = set.captions[indices[column]];
          assertEquals([captionOf[k], inputs[position], labels[k]], [
            column,
            caption[t],
            caption[t + 1],
          ]);
        });
        inputs.forEach((word, position) => assert(seen.has(position) || word === 0));
        disposeBatch(batch);
      },
    ),
  );
  assertEquals(tf.memory().numTensors, before);
});
