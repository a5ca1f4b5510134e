import { unigramLoss } from "../../lib/training/mod.ts";
import { assertAlmostEquals, assertEquals } from "../assert.ts";

Deno.test("unigramLoss() is that of a hand-computed example; the start is not predicted, the end is", () => {
  // Start 1, end 2; train predicts 3 3 2 and 4 2, five words of a vocabulary of 6.
  const train = [[1, 3, 3, 2], [1, 4, 2]];
  // P(3) = P(2) = (2 + 1) / 11, P(5), never seen, = 1 / 11.
  const dev = [[1, 3, 5, 2]];
  const expected = -(2 * Math.log(3 / 11) + Math.log(1 / 11)) / 3;
  assertAlmostEquals(unigramLoss(train, dev, 6)!, expected, 1e-12);
  assertAlmostEquals(expected, 1.6655, 5e-5);
});

Deno.test("unigramLoss() of no train captions is ln of the vocabulary's size", () => {
  assertAlmostEquals(unigramLoss([], [[1, 3, 2]], 50)!, Math.log(50), 1e-12);
});

Deno.test("unigramLoss() of its own captions is their entropy where there are many", () => {
  // Words 3 and 2 in equal shares.
  const captions = new Array(1e5).fill([1, 3, 2]);
  assertAlmostEquals(unigramLoss(captions, captions, 4)!, Math.log(2), 1e-4);
});

Deno.test("unigramLoss() is undefined where there is nothing to predict", () => {
  assertEquals(unigramLoss([[1, 3, 2]], [], 4), undefined);
});
