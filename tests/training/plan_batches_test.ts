import fc from "fast-check";
import { planBatches } from "../../lib/training/mod.ts";
import { takeWords } from "../../lib/training/plan_batches.ts";
import { Random } from "../../lib/random/mod.ts";
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

Deno.test("planBatches() keeps captions of a photo together, photos of similar captions in a batch", () => {
  const random = new Random(1, "lengths");
  const lengths = Array.from({ length: 4000 }, () => random.integer(5, 25));
  const photos = lengths.map((_, i) => `photo ${i % 800}`);
  const plans = [true, false].map((byLength) =>
    planBatches(lengths, 32, byLength, new Random(2, "order"), photos)
  );
  for (const plan of plans) {
    assertEquals(plan.flat().toSorted((a, b) => a - b), lengths.map((_, i) => i));
    assert(plan.every(({ length }) => length <= 32));
    const batches = new Map<string, Set<number>>();
    plan.forEach((batch, number) => {
      for (const i of batch) {
        batches.set(photos[i], (batches.get(photos[i]) ?? new Set()).add(number));
      }
    });
    assert(batches.values().every(({ size }) => size === 1));
  }
  const longest = (plan: number[][]) =>
    plan.reduce((sum, batch) => sum + Math.max(...batch.map((i) => lengths[i])), 0);
  assert(longest(plans[0]) < 0.95 * longest(plans[1]));
  // A photo with more captions than a batch has is one by itself.
  assertEquals(planBatches([3, 9, 5, 4], 2, false, undefined, ["a", "a", "b", "a"]), [[1, 3, 0], [
    2,
  ]]);
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

Deno.test("takeWords() ends with the batch that reaches the words, and keeps at least one", () => {
  const lengths = [3, 4, 6, 2]; // 2, 3, 5 and 1 words to predict
  const plan = [[0, 1], [2], [3]];
  assertEquals(takeWords(plan, lengths, 1), [[0, 1]]);
  assertEquals(takeWords(plan, lengths, 5), [[0, 1]]);
  assertEquals(takeWords(plan, lengths, 6), [[0, 1], [2]]);
  assertEquals(takeWords(plan, lengths, 100), plan);
});
