import fc from "fast-check";
import { evaluationSettings, metrics, scoreCaptions, type Words } from "../../lib/metrics/mod.ts";
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "../assert.ts";

const split = (text: string) => text === "" ? [] : text.split(" ");
const context = { markers: { start: "<start>", end: "<end>" } };
const REFERENCES = { tokenize: "none", documentFrequencies: "references" } as const;
const prepare = (photos: string[][], documents?: string[][]) =>
  metrics["cider-d"].prepare(
    photos.map((captions) => captions.map(split)),
    { ...REFERENCES, documentFrequencies: documents === undefined ? "references" : "train" },
    { ...context, documents: documents?.map((captions) => captions.map(split)) },
  );

/** The n-grams of a caption with their counts, by n - 1. */
function plainCounts(words: Words): Map<string, number>[] {
  return [1, 2, 3, 4].map((n) => {
    const counts = new Map<string, number>();
    for (let i = 0; i + n <= words.length; i++) {
      const ngram = words.slice(i, i + n).join(" ");
      counts.set(ngram, (counts.get(ngram) ?? 0) + 1);
    }
    return counts;
  });
}

/** CIDEr-D written down as in the paper's section on it, with COCO's length. */
function plainCiderD(
  candidate: string,
  references: readonly string[],
  documents: readonly (readonly string[])[],
): number {
  const idf = (ngram: string) => {
    const holds = (caption: string) => ` ${caption} `.includes(` ${ngram} `);
    const photos = documents.filter((captions) => captions.some(holds)).length;
    return Math.log(documents.length) - Math.log(Math.max(1, photos));
  };
  const vectors = (caption: string) =>
    plainCounts(split(caption)).map((counts) =>
      new Map([...counts].map(([ngram, count]) => [ngram, count * idf(ngram)]))
    );
  const norm = (vector: Map<string, number>) =>
    Math.sqrt([...vector.values()].reduce((sum, weight) => sum + weight ** 2, 0));
  const bigrams = (caption: string) => Math.max(0, split(caption).length - 1);
  const c = vectors(candidate);
  const scores = references.map((reference) => {
    const r = vectors(reference);
    const penalty = Math.exp(-((bigrams(candidate) - bigrams(reference)) ** 2) / 72);
    const cosines = c.map((vector, n) => {
      let product = 0;
      for (const [ngram, weight] of vector) {
        const other = r[n].get(ngram) ?? 0;
        product += Math.min(weight, other) * other;
      }
      const norms = norm(vector) * norm(r[n]);
      return norms === 0 ? 0 : product / norms;
    });
    return penalty * (cosines[0] + cosines[1] + cosines[2] + cosines[3]) / 4;
  });
  return 10 * scores.reduce((sum, score) => sum + score, 0) / scores.length;
}

const words = fc.array(fc.constantFrom("a", "b", "c", "d", "e"), { maxLength: 9 })
  .map((words) => words.join(" "));
const photo = fc.array(words, { minLength: 1, maxLength: 3 });
const pairs = fc.array(fc.tuple(words, photo), { minLength: 1, maxLength: 5 });

Deno.test("cider-d equals the definition, of a corpus and of each photo", () => {
  fc.assert(fc.property(pairs, (pairs) => {
    const references = pairs.map(([, captions]) => captions);
    const prepared = prepare(references);
    const expected = pairs.map(([candidate, captions]) =>
      plainCiderD(candidate, captions, references)
    );
    for (const [i, [candidate]] of pairs.entries()) {
      assertAlmostEquals(prepared.caption(split(candidate), i)["cider-d"], expected[i], 1e-9);
    }
    const mean = expected.reduce((sum, score) => sum + score, 0) / expected.length;
    const corpus = prepared.corpus(pairs.map(([candidate]) => split(candidate)));
    assertAlmostEquals(corpus["cider-d"], mean, 1e-9);
  }));
});

Deno.test("cider-d with document frequencies of other captions equals the definition", () => {
  const documents = fc.array(photo, { minLength: 1, maxLength: 5 });
  fc.assert(fc.property(words, photo, documents, (candidate, references, documents) => {
    assertAlmostEquals(
      prepare([references], documents).caption(split(candidate), 0)["cider-d"],
      plainCiderD(candidate, references, documents),
      1e-9,
    );
  }));
});

Deno.test("cider-d is worked out by hand for one word of two", () => {
  // Each n-gram is in one of two photos: idf log 2. n = 1: 1 of √2 · √2; no longer n-gram is shared.
  const penalty = 1; // both have one bigram
  const { "cider-d": score } = prepare([["red ball"], ["x y"]]).caption(["red", "dog"], 0);
  assertAlmostEquals(score, 10 * penalty * (1 / 2) / 4, 1e-12);
});

Deno.test("cider-d: saying a reference's word again gains nothing, another length costs", () => {
  const prepared = prepare([["a b c d"], ["x y z"]]);
  const score = (text: string) => prepared.caption(split(text), 0)["cider-d"];
  assertAlmostEquals(score("a b c d"), 10, 1e-12);
  assert(score("a a a a") < score("a b q q"));
  assert(score("a b c d q q q q q q") < score("a b c d q"));
});

Deno.test("cider-d of one photo, of no words and of nothing in common is 0", () => {
  assertEquals(prepare([["a dog runs far"]]).corpus([split("a dog runs far")]), { "cider-d": 0 });
  const prepared = prepare([["a dog"], [""], ["b"]]);
  assertEquals(prepared.corpus([[], [], ["c"]]), { "cider-d": 0 });
});

Deno.test("cider-d counts a reference that a photo has twice as two", () => {
  const score = (...references: string[]) =>
    prepare([references, ["x y z w"]]).caption(split("a b c d"), 0)["cider-d"];
  assertAlmostEquals(score("a b c d", "e f g h"), 5, 1e-12);
  assertAlmostEquals(score("a b c d", "a b c d", "e f g h"), 20 / 3, 1e-12);
});

Deno.test("cider-d refuses photos without references, and frequencies that are not there", () => {
  assertThrows(() => prepare([[]]), RangeError, "without references");
  const settings = { ...REFERENCES, documentFrequencies: "train" };
  assertThrows(
    () => metrics["cider-d"].prepare([[["a"]]], settings, context),
    RangeError,
    "document frequencies from train",
  );
});

const settings = (tokenize: "ptb" | "none", documentFrequencies?: string) =>
  evaluationSettings.parse({
    metrics: ["cider-d"],
    "cider-d": { tokenize, documentFrequencies },
  });

Deno.test("scoreCaptions() with cider-d signs its definition and where frequencies are from", () => {
  const signature = (from?: string) =>
    scoreCaptions(["A dog."], [["a dog"]], settings("ptb", from), { documents: [["a dog"]] })
      .signature;
  assertEquals(signature(), "cider:d|n:4|sigma:6|df:references|tok:ptb|refs:1|v:2");
  assertEquals(signature("train"), "cider:d|n:4|sigma:6|df:train|tok:ptb|refs:1|v:2");
  assertEquals(signature("coco.json"), "cider:d|n:4|sigma:6|df:file|tok:ptb|refs:1|v:2");
});

Deno.test("cider-d scores 1,000 captions against 5,000 references in under a second", () => {
  const vocabulary = Array.from({ length: 2000 }, (_, i) => `word${i}`);
  let state = 1;
  const draw = (most: number) => (state = state * 48271 % 2147483647) % most;
  const caption = () => Array.from({ length: 6 + draw(10) }, () => vocabulary[draw(2000)]);
  const references = Array.from({ length: 1000 }, () => Array.from({ length: 5 }, caption));
  const candidates = references.map(caption);
  const began = performance.now();
  metrics["cider-d"].prepare(references, REFERENCES, context).corpus(candidates);
  assert(performance.now() - began < 1000);
});
