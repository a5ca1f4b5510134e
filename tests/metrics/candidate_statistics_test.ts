import { describeCandidates, perplexity } from "../../lib/metrics/mod.ts";
import { assertAlmostEquals, assertEquals } from "../assert.ts";

const captions = ["a dog runs", "A dog runs.", "two cats", "a dog"];

Deno.test("describeCandidates() counts lengths, words and distinct captions", () => {
  assertEquals(describeCandidates(captions), {
    meanLength: 10 / 4,
    words: 5,
    distinct: 3 / 4,
    mostFrequent: { caption: "a dog runs", photos: 2 },
  });
  const { words, distinct } = describeCandidates(captions, { tokenize: "none" });
  assertEquals([words, distinct], [7, 1]);
});

Deno.test("describeCandidates() finds captions of train word for word, in any writing", () => {
  const inTrain = (...train: string[]) => describeCandidates(captions, { train }).inTrain;
  assertEquals(inTrain("A dog runs!", "a dog runs", "a dog runs far"), 2 / 4);
  assertEquals(inTrain("Two cats.", "the dog", "a dog"), 2 / 4);
  assertEquals(inTrain(), 0);
});

Deno.test("perplexity() of a model that guesses among V words is V", () => {
  assertAlmostEquals(perplexity(Math.log(2538)), 2538, 1e-9);
  assertEquals(perplexity(0), 1);
});
