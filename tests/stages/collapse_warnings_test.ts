import { collapsedCaptions } from "../../lib/stages/collapse_warnings.ts";
import { assert, assertEquals } from "../assert.ts";

const NOUNS = ["dog", "cat", "man", "girl", "horse", "bird", "car", "boy", "woman", "child"];
const VERBS = [
  "runs",
  "jumps",
  "sits",
  "sleeps",
  "sings",
  "stands",
  "waits",
  "walks",
  "eats",
  "looks",
];
const people = (i: number) => `a ${NOUNS[i % 10]} ${VERBS[Math.floor(i / 10) % 10]} there`;
const photos = (count: number, caption: (i: number) => string, reference = people) =>
  Array.from({ length: count }, (_, i) => ({ caption: caption(i), references: [reference(i)] }));

Deno.test("collapsedCaptions() warns of one sentence for a tenth of the photos, and says what to look at", () => {
  const warning = collapsedCaptions(photos(100, (i) => i < 11 ? "a dog" : people(i)))!;
  assert(warning.startsWith("Warning: the captions of 100 photos have collapsed: 11 photos have"));
  for (const text of ['"a dog"', "val_loss", "training.learningRate", "notebook 2"]) {
    assert(warning.includes(text), warning);
  }
});

Deno.test("collapsedCaptions() warns of few distinct captions and of few words", () => {
  const few = collapsedCaptions(photos(100, (i) => `a ${NOUNS[i % 10]}`))!;
  assert(few.includes("only 10 of them are distinct"), few);
  const words = (i: number) => `${i} ${i + 1000} ${i + 2000}`;
  const poor = collapsedCaptions(photos(100, (i) => "a b c d".slice(0, 1 + i % 7), words))!;
  assert(poor.includes("they use 4 words, where people use 300"), poor);
});

Deno.test("collapsedCaptions() has nothing to say where people write the same, or of a few photos", () => {
  assertEquals(collapsedCaptions(photos(100, people)), undefined);
  const labels = (i: number) => NOUNS[i % 3];
  assertEquals(collapsedCaptions(photos(100, labels, labels)), undefined);
  assertEquals(collapsedCaptions(photos(10, () => "a dog")), undefined);
});
