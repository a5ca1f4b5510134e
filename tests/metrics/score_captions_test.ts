import fc from "fast-check";
import {
  CaptionScorer,
  evaluationSettings,
  type Metric,
  metrics,
  scoreCaptions,
  withoutMarkers,
} from "../../lib/metrics/mod.ts";
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "../assert.ts";

const settings = (bleu = {}) => evaluationSettings.parse({ metrics: ["bleu"], bleu });
const candidates = ["a black dog runs on grass", "two girls"];
const references = [
  ["A black dog is running on grass.", "Dog runs on the grass!"],
  ["Two girls laugh.", "Two girls sit on a wall"],
];

Deno.test("scoreCaptions() names what its scores depend on", () => {
  assertEquals(
    scoreCaptions(candidates, references, settings()).signature,
    "bleu:coco|n:4|smooth:none|markers:no|tok:words|refs:2|v:2",
  );
  const uneven = [references[0], references[1].slice(1)];
  const bleu = {
    definition: "nltk",
    smoothing: "method1",
    tokenize: "none",
    weights: [0.5, 0.5],
    countMarkers: true,
  };
  assertEquals(
    scoreCaptions(candidates, uneven, settings(bleu)).signature,
    "bleu:nltk|n:2|weights:0.5,0.5|smooth:epsilon|markers:counted|tok:none|refs:1-2|v:2",
  );
});

Deno.test("scoreCaptions() gives BLEU-1 to BLEU-4 by either definition", () => {
  const coco = scoreCaptions(candidates, references, settings()).scores;
  const nltk = scoreCaptions(candidates, references, settings({ definition: "nltk" })).scores;
  const names = ["bleu-1", "bleu-2", "bleu-3", "bleu-4"];
  assertEquals(Object.keys(coco), names);
  assertEquals(Object.keys(nltk), names);
  for (const name of names.slice(0, 2)) assertAlmostEquals(coco[name], nltk[name], 1e-8);
});

Deno.test("scoreCaptions() with weights gives the BLEU of that many n-grams, lists told apart", () => {
  const names = (weights: unknown) =>
    Object.keys(
      scoreCaptions(candidates, references, settings({ definition: "nltk", weights })).scores,
    );
  assertEquals(names([0.3, 0.3, 0.3, 0]), ["bleu-4"]);
  assertEquals(names([[1], [0.4, 0.6]]), ["bleu-1", "bleu-2"]);
  assertEquals(names([[1, 0], [0.4, 0.6]]), ["bleu-2 (1, 0)", "bleu-2 (0.4, 0.6)"]);
});

Deno.test("scoreCaptions() counts markers only where told, and then scores higher", () => {
  const without = scoreCaptions(candidates, references, settings()).scores;
  const counted = scoreCaptions(candidates, references, settings({ countMarkers: true })).scores;
  // 8 words, 7 of them known; the markers add two known words to each of two captions.
  const brevity = Math.exp(1 - (5 + 3) / 8);
  assertAlmostEquals(without["bleu-1"], brevity * 8 / 8, 1e-8);
  assert(counted["bleu-4"] > without["bleu-4"]);
});

Deno.test("scoreCaptions() refuses weights and smoothing for COCO's definition", () => {
  for (const bleu of [{ weights: [1] }, { smoothing: "method1" }]) {
    assertThrows(() => scoreCaptions(candidates, references, settings(bleu)), RangeError, "nltk");
  }
  assertEquals(
    scoreCaptions(candidates, references, settings({ smoothing: "method0" })).signature.length > 0,
    true,
  );
});

Deno.test("scoreCaptions() refuses no photos, photos without references, unknown metrics", () => {
  assertThrows(() => scoreCaptions([], [], settings()), RangeError, "No candidates");
  assertThrows(() => scoreCaptions(["a"], [[]], settings()), RangeError, "without references");
  const unknown = { ...settings(), metrics: ["bleurt"] };
  assertThrows(() => scoreCaptions(["a"], [["a"]], unknown), RangeError, "bleurt");
});

Deno.test("withoutMarkers() drops markers and nothing else", () => {
  assertEquals(
    withoutMarkers("<start> the <unknown> starts  here <end>", ["<start>", "<end>", "<unknown>"]),
    "the starts here",
  );
});

const context = { markers: { start: "<start>", end: "<end>" } };

Deno.test("metrics: every one gives numbers in signed names for the emptiest captions", () => {
  for (const [name, metric] of Object.entries<Metric>(metrics)) {
    const own = metric.settings.parse({});
    const prepared = metric.prepare([[["a"]], [["b"]]], own, context);
    const scores = prepared.corpus([[], ["a"]]);
    assert(Object.keys(scores).every((key) => key.startsWith(name)), name);
    assert(Object.values(scores).every(Number.isFinite), name);
    assert(metric.signature(own).every((part) => /^\w+:\S+$/.test(part)), name);
  }
});

const sentence = fc.array(fc.constantFrom("a", "b", "c", "d"), { maxLength: 9 });
const photo = fc.array(sentence, { minLength: 1, maxLength: 4 });

Deno.test("metrics: every one scores a caption as a corpus of that caption, in any order", () => {
  fc.assert(
    fc.property(fc.array(photo, { minLength: 1, maxLength: 3 }), sentence, (photos, words) => {
      const { "cider-d": _, ...independent } = metrics; // it weighs by the references of all photos
      for (const [name, metric] of Object.entries<Metric>(independent)) {
        const own = metric.settings.parse({});
        const prepared = metric.prepare(photos, own, context);
        prepared.caption(["d", ...words], 0); // a candidate leaves nothing behind
        for (const [i, references] of photos.entries()) {
          const alone = metric.prepare([references], own, context).corpus([words]);
          assertEquals(prepared.caption(words, i), alone, name);
        }
      }
    }),
  );
});

Deno.test("metrics: every one scores words and their indices alike, and photos chosen as a corpus", () => {
  const pairs = fc.array(fc.tuple(photo, sentence), { minLength: 1, maxLength: 4 });
  fc.assert(fc.property(pairs, (pairs) => {
    const photos = pairs.map(([references]) => references);
    const candidates = pairs.map(([, candidate]) => candidate);
    const indices = (words: readonly string[]) => words.map((word) => word.charCodeAt(0));
    for (const [name, metric] of Object.entries<Metric>(metrics)) {
      const own = metric.settings.parse({});
      const prepared = metric.prepare(photos, own, context);
      const sampler = prepared.sampler(candidates);
      assertEquals(sampler([...candidates.keys()]), prepared.corpus(candidates), name);
      for (const [i, words] of candidates.entries()) {
        assertEquals(sampler([i]), prepared.caption(words, i), name);
      }
      const chosen = [0, photos.length - 1, 0];
      const these = metric.prepare(chosen.map((i) => photos[i]), own, context);
      if (name !== "cider-d") { // it weighs by the references of all photos
        const corpus = these.corpus(chosen.map((i) => candidates[i]));
        assertEquals(sampler(chosen), corpus, name);
      }
      const numbered = metric.prepare(photos.map((photo) => photo.map(indices)), own, context);
      assertEquals(numbered.corpus(candidates.map(indices)), prepared.corpus(candidates), name);
    }
  }));
});

Deno.test("metrics: an ideal model, whose captions are the references, scores as perfect", () => {
  const captions = [
    "a red dog runs on grass",
    "two girls sit on a wall",
    "a man rides one bicycle",
  ];
  const { scores } = scoreCaptions(
    captions,
    captions.map((caption) => [caption, caption]),
    evaluationSettings.parse({}),
  );
  for (const [name, score] of Object.entries(scores)) {
    assertAlmostEquals(score, name === "cider-d" ? 10 : 1, 1e-8, name);
  }
});

Deno.test("CaptionScorer scores single captions under the names of the corpus", () => {
  const scorer = new CaptionScorer(references, evaluationSettings.parse({}));
  const names = ["bleu-1", "bleu-2", "bleu-3", "bleu-4", "rouge-l", "cider-d"];
  assertEquals(Object.keys(scorer.corpus(candidates)), names);
  const each = scorer.captions(candidates);
  assertEquals(each.map((scores) => Object.keys(scores)), [names, names]);
  const mean = (each[0]["cider-d"] + each[1]["cider-d"]) / 2;
  assertAlmostEquals(mean, scorer.corpus(candidates)["cider-d"], 1e-12);
  assertThrows(() => scorer.captions(["a"]), RangeError, "1 candidates");
});

Deno.test("metrics: none scores candidates that do not pair up with references", () => {
  for (const metric of Object.values<Metric>(metrics)) {
    const prepared = metric.prepare([[["a"]]], metric.settings.parse({}), context);
    assertThrows(() => prepared.corpus([["a"], ["b"]]), RangeError, "2 candidates");
  }
});
