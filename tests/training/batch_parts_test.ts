import fc from "fast-check";
import { batchParts } from "../../lib/training/batch_parts.ts";
import { assert, assertEquals } from "../assert.ts";

/** Numbers kept grow with the square of the words, as in the worst decoder. */
const decoder = { activations: (words: number) => words * words };

Deno.test("batchParts() has every caption once, in parts that are small enough or one caption", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 2, max: 40 }), { minLength: 1, maxLength: 80 }),
      fc.integer({ min: 1, max: 20_000 }),
      (lengths, most) => {
        const indices = lengths.map((_, i) => lengths.length - 1 - i);
        const parts = batchParts(indices, (i) => lengths[i], decoder, most);
        assertEquals(parts.flat().toSorted((a, b) => a - b), lengths.map((_, i) => i));
        for (const part of parts) {
          const longest = Math.max(...part.map((i) => lengths[i]));
          assert(part.length === 1 || part.length * longest ** 2 <= most, `${part} of ${most}`);
        }
      },
    ),
  );
});

Deno.test("batchParts() leaves a batch that is just small enough as it is", () => {
  const lengths = [5, 3, 10, 3];
  const indices = [3, 2, 0];
  const parts = (most: number) => batchParts(indices, (i) => lengths[i], decoder, most);
  assert(parts(300)[0] === indices);
  assertEquals(parts(299), [[3, 0], [2]]);
});

Deno.test("batchParts() puts captions of similar length together, so that little is padding", () => {
  const lengths = [2, 10, 2, 10, 2, 10];
  const parts = batchParts([0, 1, 2, 3, 4, 5], (i) => lengths[i], decoder, 200);
  assertEquals(parts, [[0, 2, 4], [1, 3], [5]]);
});

Deno.test("batchParts() counts a photo's numbers once, and keeps its captions together", () => {
  const decoder = { activations: (words: number) => words, photoActivations: 100 };
  const photos = ["a", "b", "a", "b", "c"];
  const lengths = [9, 2, 3, 8, 4];
  const parts = (most: number) =>
    batchParts([0, 1, 2, 3, 4], (i) => lengths[i], decoder, most, (i) => photos[i]);
  assertEquals(parts(300 + 5 * 9), [[0, 1, 2, 3, 4]]);
  assertEquals(parts(300 + 5 * 9 - 1), [[0, 2, 1, 3], [4]]);
  assertEquals(parts(130), [[0, 2], [1, 3], [4]]);
  assertEquals(parts(1), [[0], [2], [1], [3], [4]]);
});
