import { describeCaptions } from "../../lib/text/mod.ts";
import { assertEquals } from "../assert.ts";

Deno.test("describeCaptions() counts lengths and words of cleaned captions", () => {
  assertEquals(describeCaptions(["A dog.", "The dog runs!", "?", "a Dog"]), {
    captions: 4,
    words: 7,
    vocabulary: 4,
    once: 2,
    shortest: 0,
    longest: 3,
    mean: 7 / 4,
    lengths: [1, 0, 2, 1],
    frequencies: [["dog", 3], ["a", 2], ["the", 1], ["runs", 1]],
  });
});

Deno.test("describeCaptions() of no captions is all zeros", () => {
  const { mean, shortest, longest, lengths } = describeCaptions([]);
  assertEquals({ mean, shortest, longest, lengths }, {
    mean: 0,
    shortest: 0,
    longest: 0,
    lengths: [],
  });
});
