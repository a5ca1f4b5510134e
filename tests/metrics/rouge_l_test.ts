import fc from "fast-check";
import { evaluationSettings, metrics, scoreCaptions } from "../../lib/metrics/mod.ts";
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "../assert.ts";

const split = (text: string) => text === "" ? [] : text.split(" ");
const prepare = (...photos: string[][]) =>
  metrics["rouge-l"].prepare(
    photos.map((references) => references.map(split)),
    { tokenize: "none" },
    { markers: { start: "<start>", end: "<end>" } },
  );
const caption = (candidate: string, ...references: string[]) =>
  prepare(references).caption(split(candidate), 0)["rouge-l"];

Deno.test("rouge-l of a caption is worked out by hand from common subsequences", () => {
  // "a … c d" of 4 words against 5.
  const [p, r] = [3 / 4, 3 / 5];
  assertAlmostEquals(caption("a b c d", "a x c y d"), 2.44 * p * r / (r + 1.44 * p), 1e-15);
  assertEquals(caption("a b c", "c b a"), 1 / 3); // one word, in whatever order
  assertAlmostEquals(caption("a a", "a"), 2.44 * 0.5 / (1 + 1.44 * 0.5), 1e-15);
});

Deno.test("rouge-l takes the best precision and the best recall, of two references if need be", () => {
  // Precision 2/2 from the long reference, recall 1/1 from the short one.
  assertAlmostEquals(caption("a b", "a x b y z", "b"), 1, 1e-15);
  assert(caption("a b", "a x b y z") < 1 && caption("a b", "b") < 1);
});

Deno.test("rouge-l of nothing in common or no words is 0", () => {
  for (const [candidate, reference] of [["a", "b"], ["", "a"], ["a", ""], ["", ""]]) {
    assertEquals(caption(candidate, reference), 0);
  }
});

Deno.test("rouge-l of a corpus is the mean over photos", () => {
  const prepared = prepare(["a b"], ["c d"], ["e f"]);
  const candidates = ["a b", "c x", "x x"].map(split);
  const each = candidates.map((words, photo) => prepared.caption(words, photo)["rouge-l"]);
  assertEquals(each, [1, 0.5, 0]);
  assertEquals(prepared.corpus(candidates), { "rouge-l": 0.5 });
});

Deno.test("rouge-l refuses a photo without references", () => {
  assertThrows(() => prepare([]), RangeError, "without references");
});

const words = fc.array(fc.constantFrom("a", "b", "c"), { minLength: 1, maxLength: 6 })
  .map((words) => words.join(" "));

/** Over all subsequences of the first, longest first. */
function plainCommonLength(a: string[], b: string[]): number {
  let best = 0;
  for (let chosen = 0; chosen < 2 ** a.length; chosen++) {
    const some = a.filter((_, i) => chosen >> i & 1);
    let next = 0;
    for (const word of b) if (word === some[next]) next++;
    if (next === some.length) best = Math.max(best, next);
  }
  return best;
}

Deno.test("rouge-l equals the definition over all subsequences", () => {
  fc.assert(fc.property(words, words, (candidate, reference) => {
    const common = plainCommonLength(split(candidate), split(reference));
    const p = common / split(candidate).length, r = common / split(reference).length;
    const expected = common === 0 ? 0 : (1 + 1.2 ** 2) * p * r / (r + 1.2 ** 2 * p);
    assertEquals(caption(candidate, reference), expected);
  }));
});

Deno.test("rouge-l of a reference is 1, in any order of references", () => {
  fc.assert(fc.property(words, words, (a, b) => {
    assertAlmostEquals(caption(a, a, b), 1, 1e-15);
    assertEquals(caption(a, a, b), caption(a, b, a));
  }));
});

const settings = (tokenize: "ptb" | "none") =>
  evaluationSettings.parse({ metrics: ["rouge-l"], "rouge-l": { tokenize } });

Deno.test("scoreCaptions() with rouge-l signs its definition and its words", () => {
  const { signature, scores } = scoreCaptions(["A dog."], [["a dog"]], settings("ptb"));
  assertEquals(signature, "rouge:l|beta:1.2|tok:ptb|refs:1|v:2");
  assertEquals(scores, { "rouge-l": 1 });
});
