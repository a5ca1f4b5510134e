import fc from "fast-check";
import { nltkCorpusBleu, nltkSentenceBleu } from "../../lib/metrics/mod.ts";
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "../assert.ts";
import vectors from "./nltk_vectors.json" with { type: "json" };

type Scores = Record<string, Record<string, number | null>>;

const split = (text: string) => text.split(" ");
const pairs = vectors.pairs.map(({ candidate, references }) => ({
  candidate: split(candidate),
  references: references.map(split),
}));

/** Where NLTK raises (null), a RangeError is as good. */
function assertScores(
  expected: Scores,
  score: (options: { weights: number[]; smoothing: string }) => number,
) {
  for (const [smoothing, byWeights] of Object.entries(expected)) {
    for (const [name, value] of Object.entries(byWeights)) {
      const weights = vectors.weights[name as keyof typeof vectors.weights];
      if (value === null) assertThrows(() => score({ weights, smoothing }), RangeError, "method6");
      else assertAlmostEquals(score({ weights, smoothing }), value, 1e-12, `${smoothing} ${name}`);
    }
  }
}

for (const [i, { candidate, references }] of pairs.entries()) {
  Deno.test(`nltkSentenceBleu() equals NLTK to 1e-12, all methods and weights: "${candidate.join(" ")}"`, () => {
    assertScores(
      vectors.sentence[i],
      (options) => nltkSentenceBleu(candidate, references, options),
    );
  });
}

Deno.test("nltkCorpusBleu() equals NLTK to 1e-12, all methods and weights", () => {
  const corpus = (list: typeof pairs) => (options: { weights: number[]; smoothing: string }) =>
    nltkCorpusBleu(list.map((p) => p.candidate), list.map((p) => p.references), options);
  assertScores(vectors.corpus, corpus(pairs));
  assertScores(vectors.corpus2, corpus(pairs.slice(0, 3)));
});

Deno.test("nltkSentenceBleu() of an empty candidate is 0 by every method", () => {
  for (let method = 0; method < 8; method++) {
    assertEquals(nltkSentenceBleu([], [["a", "b"]], { smoothing: `method${method}` }), 0);
  }
});

Deno.test("nltkSentenceBleu() takes a smoothing by name, method and number", () => {
  const { candidate, references } = pairs[1];
  const values = ["halving", "method3", "3"].map((smoothing) =>
    nltkSentenceBleu(candidate, references, { smoothing })
  );
  assertEquals(new Set(values).size, 1);
  assert(values[0] !== nltkSentenceBleu(candidate, references, { smoothing: "epsilon" }));
});

Deno.test("nltkCorpusBleu() refuses what has no score, saying why", () => {
  assertThrows(() => nltkCorpusBleu([], []), RangeError, "No candidates");
  assertThrows(() => nltkCorpusBleu([["a"]], []), RangeError, "1 candidates");
  assertThrows(() => nltkCorpusBleu([["a"]], [[]]), RangeError, "without references");
  assertThrows(() => nltkSentenceBleu(["a"], [["a"]], { weights: [] }), RangeError, "weights");
  assertThrows(
    () => nltkSentenceBleu(["a"], [["a"]], { smoothing: "method8" }),
    RangeError,
    "method8",
  );
});

const sentence = fc.array(fc.constantFrom("a", "b", "c", "d"), { maxLength: 9 });

Deno.test("nltkSentenceBleu() is a number of [0, 1] without smoothing, and 1 for a reference", () => {
  fc.assert(fc.property(sentence, fc.array(sentence, { minLength: 1 }), (candidate, references) => {
    const score = nltkSentenceBleu(candidate, references);
    assert(score >= 0 && score <= 1 + 1e-12, `${score}`);
    if (candidate.length >= 4) {
      assertAlmostEquals(nltkSentenceBleu(candidate, [...references, candidate]), 1, 1e-12);
    }
  }));
});
