import fc from "fast-check";
import { cocoCorpusBleu, cocoSentenceBleu } from "../../lib/metrics/mod.ts";
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "../assert.ts";

const split = (text: string) => text.split(" ");

Deno.test("cocoSentenceBleu() gives counts worked out by hand", () => {
  // 1-grams 3 of 4, 2-grams 1 of 3; no 3-gram of 2; 3 words are nearer to 4 than 7 are.
  const scores = cocoSentenceBleu(split("a dog runs fast"), [
    split("a dog quickly runs off now together"),
    split("the dog runs"),
  ]);
  const brevity = 1; // 4 words against 3
  assertAlmostEquals(scores[0], brevity * 3 / 4, 1e-8);
  assertAlmostEquals(scores[1], Math.sqrt(3 / 4 * 2 / 3), 1e-8); // "a dog" and "dog runs"
  assert(scores[3] > 0 && scores[3] < 1e-3);
});

Deno.test("cocoSentenceBleu() clips a word by the most in one reference", () => {
  const [bleu1] = cocoSentenceBleu(split("the the the the"), [
    split("the x the"),
    split("the y z w"),
  ]);
  assertAlmostEquals(bleu1, 2 / 4, 1e-8);
});

Deno.test("cocoSentenceBleu() takes the shorter of two equally near references", () => {
  const two = split("a b c d e"), three = split("a b c");
  assertAlmostEquals(cocoSentenceBleu(split("a b c d"), [two, three])[0], 1, 1e-8);
  assertAlmostEquals(cocoSentenceBleu(split("a b c d"), [two])[0], Math.exp(1 - 5 / 4), 1e-8);
});

Deno.test("cocoSentenceBleu() of an empty candidate is 0, of one word defined", () => {
  assertEquals(cocoSentenceBleu([], [["a"]]), [0, 0, 0, 0]);
  const one = cocoSentenceBleu(["a"], [["a"]]);
  assertAlmostEquals(one[0], 1, 1e-8);
  assert(one.every((score) => score >= 0 && score <= 1), `${one}`);
  assert(cocoSentenceBleu([], [[]]).every((score) => score === 0));
});

Deno.test("cocoCorpusBleu() sums counts over captions, not scores", () => {
  const candidates = [split("a b"), split("c d e f g h")];
  const references = [[split("a b")], [split("x y z u v w")]];
  assertAlmostEquals(cocoCorpusBleu(candidates, references)[0], 2 / 8, 1e-8);
});

Deno.test("cocoCorpusBleu() refuses candidates without references", () => {
  assertThrows(() => cocoCorpusBleu([["a"]], [[]]), RangeError, "without references");
  assertThrows(() => cocoCorpusBleu([["a"]], []), RangeError, "1 candidates");
});

const sentence = fc.array(fc.constantFrom("a", "b", "c", "d"), { maxLength: 9 });
const corpus = fc.array(fc.tuple(sentence, fc.array(sentence, { minLength: 1, maxLength: 4 })), {
  minLength: 1,
  maxLength: 5,
});

/** By the definition, without a trie: n-grams as text in maps. */
function plain(candidates: string[][], references: string[][][]): number[] {
  const grams = (words: string[], n: number) => {
    const counts = new Map<string, number>();
    for (let i = 0; i + n <= words.length; i++) {
      const gram = words.slice(i, i + n).join(" ");
      counts.set(gram, (counts.get(gram) ?? 0) + 1);
    }
    return counts;
  };
  const matches = [0, 0, 0, 0], totals = [0, 0, 0, 0];
  let length = 0, referenceLength = 0;
  candidates.forEach((candidate, i) => {
    length += candidate.length;
    referenceLength += references[i].map((r) => r.length)
      .sort((a, b) => Math.abs(a - candidate.length) - Math.abs(b - candidate.length) || a - b)[0];
    for (let n = 1; n <= 4; n++) {
      const counts = grams(candidate, n), others = references[i].map((r) => grams(r, n));
      for (const [gram, count] of counts) {
        matches[n - 1] += Math.min(count, Math.max(...others.map((o) => o.get(gram) ?? 0)));
        totals[n - 1] += count;
      }
    }
  });
  const ratio = (length + 1e-15) / (referenceLength + 1e-9);
  let product = 1;
  return matches.map((match, i) => {
    product *= (match + 1e-15) / (totals[i] + 1e-9);
    return product ** (1 / (i + 1)) * (ratio < 1 ? Math.exp(1 - 1 / ratio) : 1);
  });
}

Deno.test("cocoCorpusBleu() equals the definition written out plainly", () => {
  fc.assert(fc.property(corpus, (rows) => {
    const candidates = rows.map(([c]) => c), references = rows.map(([, r]) => r);
    const scores = cocoCorpusBleu(candidates, references);
    assertEquals(scores, plain(candidates, references));
    assert(scores.every((score) => score >= 0 && score <= 1 + 1e-9));
  }));
});

Deno.test("cocoCorpusBleu() of references as candidates is 1, in any order of references", () => {
  const long = fc.array(fc.constantFrom("a", "b", "c"), { minLength: 4, maxLength: 9 });
  fc.assert(fc.property(fc.array(fc.tuple(long, long), { minLength: 1 }), (rows) => {
    const candidates = rows.map(([first]) => first);
    for (const references of [rows, rows.map(([a, b]) => [b, a])]) {
      for (const score of cocoCorpusBleu(candidates, references)) {
        assertAlmostEquals(score, 1, 1e-8);
      }
    }
  }));
});

Deno.test("cocoCorpusBleu() takes well under a second for 1,000 candidates with 5 references", () => {
  const words = Array.from({ length: 300 }, (_, i) => `w${i}`);
  const make = (seed: number) =>
    Array.from({ length: 11 }, (_, i) => words[(seed * 7 + i * i * 13) % 300]);
  const candidates = Array.from({ length: 1000 }, (_, i) => make(i));
  const references = candidates.map((_, i) => [0, 1, 2, 3, 4].map((j) => make(i + j)));
  const start = performance.now();
  const scores = cocoCorpusBleu(candidates, references);
  assert(performance.now() - start < 500, "slower than 20 times what it should take");
  assertAlmostEquals(scores[3], 1, 1e-8);
});
