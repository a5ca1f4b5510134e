import {
  evaluationSettings,
  nltkCorpusBleu,
  nltkSentenceBleu,
  scoreCaptions,
} from "../../lib/metrics/mod.ts";
import { assert, assertAlmostEquals, assertEquals } from "../assert.ts";
import { shared, sharedJson as json, sharedLines } from "./shared_values.ts";

/** All metrics, on words of one kind. */
const settings = (tokenize: "ptb" | "none") =>
  evaluationSettings.parse({
    metrics: ["bleu", "rouge-l", "cider-d"],
    bleu: { tokenize },
    "rouge-l": { tokenize },
    "cider-d": { tokenize },
  });

const test = (name: string, fn: () => void) => Deno.test({ name, ignore: !shared, fn });

test("nltk BLEU equals the shared values to 1e-9", () => {
  const v = json("nltk_bleu_vectors.json");
  const references = [v.ref1, v.ref2, v.ref3];
  const equal = (actual: number, expected: number) => assertAlmostEquals(actual, expected, 1e-9);
  equal(nltkSentenceBleu(v.hyp1, references), v.sentence_bleu_hyp1);
  const hyp2 = nltkSentenceBleu(v.hyp2, references);
  assert(Math.abs(hyp2 / v.sentence_bleu_hyp2 - 1) < 1e-9, `${hyp2}`);
  for (const [i, value] of v.sentence_bleu_hyp1_w.entries()) {
    const weights = new Array(i + 2).fill(1 / (i + 2));
    equal(nltkSentenceBleu(v.hyp1, references, { weights }), value);
  }
  for (const [smoothing, value] of Object.entries(v.smoothing_hyp2)) {
    equal(nltkSentenceBleu(v.hyp2, references, { smoothing }), value as number);
  }
  const corpus = [[v.hyp1, v.hypB], [references, [v.refB]]] as const;
  equal(nltkCorpusBleu(corpus[0], corpus[1]), v.corpus);
  for (const [key, value] of Object.entries(v.corpus_brownlee_weights)) {
    const weights = key.replace(/[()]/g, "").split(",").map(Number);
    equal(nltkCorpusBleu(corpus[0], corpus[1], { weights }), value as number);
  }
});

test("scoreCaptions() with ptb equals the shared values of the COCO evaluation to 4 digits", () => {
  const expected = json("clipscore/expected.json");
  const references = json("clipscore/refs.json");
  for (const quality of ["good", "bad"]) {
    const captions = json(`clipscore/${quality}_captions.json`);
    const ids = Object.keys(captions);
    const { scores } = scoreCaptions(
      ids.map((id) => captions[id]),
      ids.map((id) => references[id]),
      settings("ptb"),
    );
    assertAlmostEquals(scores["rouge-l"], expected[quality].ROUGE, 0.5e-4);
    assertAlmostEquals(scores["cider-d"], expected[quality].CIDER, 0.5e-4);
    for (const n of [1, 2, 3, 4]) {
      assertAlmostEquals(scores[`bleu-${n}`], expected[quality][`BLEU-${n}`], 0.5e-4);
    }
  }
});

test("scoreCaptions() equals the shared values of nlg-eval to the digits printed", () => {
  const expected = json("nlgeval/expected.json");
  const lines = (name: string) => sharedLines(`nlgeval/${name}.txt`);
  const first = lines("ref1"), second = lines("ref2");
  const references = first.map((r, i) => [r, second[i]]);
  const { scores } = scoreCaptions(lines("hyp"), references, settings("none"));
  const [{ hyp, refs, ...individual }] = expected.individual;
  const one = scoreCaptions([hyp], [refs], settings("none")).scores;
  for (const n of [1, 2, 3, 4]) {
    assertAlmostEquals(scores[`bleu-${n}`], expected.scores[`Bleu_${n}`], 0.5e-6);
    // Printed with 6 to 10 digits, the first cut off rather than rounded.
    assertAlmostEquals(one[`bleu-${n}`], individual[`Bleu_${n}`], n === 4 ? 0.5e-10 : 1e-6);
  }
  assertAlmostEquals(scores["rouge-l"], expected.scores.ROUGE_L, 0.5e-6);
  assertAlmostEquals(one["rouge-l"], individual.ROUGE_L, 1e-7); // cut off likewise
  assertAlmostEquals(scores["cider-d"], expected.scores.CIDEr, 0.5e-6);
  assertEquals(one["cider-d"], individual.CIDEr);
});
