import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import { Random } from "../../lib/random/mod.ts";
import {
  captionBatch,
  type CaptionSet,
  disposeBatch,
  firstBatches,
  planBatches,
} from "../../lib/training/mod.ts";
import { assert, assertEquals } from "../assert.ts";

const lengths = fc.array(fc.integer({ min: 2, max: 40 }), { maxLength: 300 });

Deno.test("planBatches() has every caption once, in batches of the size but the last ones", () => {
  fc.assert(
    fc.property(lengths, fc.integer({ min: 1, max: 9 }), fc.boolean(), fc.option(fc.nat()), (
      lengths,
      size,
      group,
      seed,
    ) => {
      const random = seed === null ? undefined : new Random(seed, "order");
      const plan = planBatches(lengths, size, group, random);
      assertEquals(plan.flat().toSorted((a, b) => a - b), lengths.map((_, i) => i));
      assertEquals(plan.length, Math.ceil(lengths.length / size));
      assert(plan.every((batch) => batch.length > 0 && batch.length <= size));
      assert(plan.filter((batch) => batch.length < size).length <= 1);
    }),
  );
});

Deno.test("planBatches() is the same for the same random numbers and another for others", () => {
  const lengths = Array.from({ length: 100 }, (_, i) => 2 + i % 13);
  const plan = (...path: (string | number)[]) =>
    planBatches(lengths, 8, true, new Random(1, ...path));
  assertEquals(plan("order", 0), plan("order", 0));
  assert(JSON.stringify(plan("order", 0)) !== JSON.stringify(plan("order", 1)));
});

Deno.test("planBatches() without random numbers or grouping keeps the order", () => {
  assertEquals(planBatches([9, 2, 5, 3, 7], 2, false), [[0, 1], [2, 3], [4]]);
  assertEquals(planBatches([9, 2, 5, 3, 7], 2, true), [[1, 3], [2, 4], [0]]);
});

Deno.test("planBatches() that groups by length leaves little padding, and not the shortest first", () => {
  const random = new Random(1, "lengths");
  const lengths = Array.from({ length: 4000 }, () => random.integer(5, 25));
  const padded = (plan: number[][]) =>
    plan.reduce((sum, batch) => sum + batch.length * Math.max(...batch.map((i) => lengths[i])), 0);
  const words = lengths.reduce((sum, length) => sum + length);
  const [grouped, not] = [true, false].map((group) =>
    planBatches(lengths, 32, group, new Random(2, "order"))
  );
  assert(padded(grouped) < 1.05 * words, `${padded(grouped) / words}`);
  assert(padded(not) > 1.4 * words, `${padded(not) / words}`);
  const longest = grouped.map((batch) => Math.max(...batch.map((i) => lengths[i])));
  const rises = longest.filter((length, i) => i > 0 && length > longest[i - 1]).length;
  assert(rises > 40 && rises < 85, `${rises} of 124`);
});

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

Deno.test("firstBatches() ends with the batch that reaches the words, and keeps at least one", () => {
  const lengths = [3, 4, 6, 2]; // 2, 3, 5 and 1 words to foretell
  const plan = [[0, 1], [2], [3]];
  assertEquals(firstBatches(plan, lengths, 1), [[0, 1]]);
  assertEquals(firstBatches(plan, lengths, 5), [[0, 1]]);
  assertEquals(firstBatches(plan, lengths, 6), [[0, 1], [2]]);
  assertEquals(firstBatches(plan, lengths, 100), plan);
});
