// On TF.js' own backend: no permission is needed.
import * as tf from "@tensorflow/tfjs";
import { beamSearch, beamSearchAsync, decodingSettings } from "../../lib/decoding/mod.ts";
import { byConsensus } from "../../lib/decoding/consensus.ts";
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "../assert.ts";
import { MarkovDecoder } from "./markov_decoder.ts";

const markers = { start: 1, end: 2, forbidden: [0, 1] };
const caption = (words: number[], score = 0) => ({
  words,
  probabilities: words.map(() => 0.5),
  logProbability: -1,
  score,
});

Deno.test("byConsensus() adds the mean cosine of n-grams with the samples, weighted", () => {
  const samples = [caption([3, 4, 5, 6]), caption([3, 4]), caption([7])];
  const [first, second, third] = byConsensus(
    [caption([8], 0.2), caption([3, 4, 5, 6], -0.1), caption([3, 3], 0.1)],
    samples,
    3,
  );
  assertEquals([first.words, second.words, third.words], [[3, 4, 5, 6], [3, 3], [8]]);
  // Cosines with the three samples: of words 1, 2/√8, 0; of pairs 1, 1/√3, 0; then 1, 0, 0 twice.
  const agreement = (1 + Math.SQRT1_2 + 1 + 1 / Math.sqrt(3) + 1 + 1) / 3 / 4;
  assertAlmostEquals(first.score, -0.1 + 3 * agreement, 1e-12);
  // [3, 3] has twice the same word, in the direction of one: 1/2, 1/√2, 0; its pair is nowhere.
  assertAlmostEquals(second.score, 0.1 + 3 * (1 / 2 + Math.SQRT1_2) / 3 / 4, 1e-12);
  assertEquals(third.score, 0.2);
  assertEquals({ ...first, score: 0 }, caption([3, 4, 5, 6]));
});

/** The most probable caption is 3; two of three captions are 4, 5 or 6 and then 7 8. */
const decoder = new MarkovDecoder({
  1: { 3: 0.34, 4: 0.22, 5: 0.22, 6: 0.22 },
  3: { 2: 1 },
  4: { 7: 1 },
  5: { 7: 1 },
  6: { 7: 1 },
  7: { 8: 1 },
  8: { 2: 1 },
}, 9);
const settings = { beam: 4, maxLength: 5, lengthNormalisation: 0 };
const consensus = { samples: 200, temperature: 1, weight: 20 };

Deno.test("beamSearch() with consensus prefers what many samples say, and finds the same captions", async () => {
  await tf.setBackend("cpu");
  const before = tf.memory().numTensors;
  const features = tf.zeros([15, 1]); // more rows of samples than are drawn at once
  const search = (changes: Record<string, unknown> = {}) =>
    beamSearch(decoder, new Map(), features, markers, { ...settings, ...changes });
  const [plain] = search();
  const all = search({ consensus });
  assertEquals(plain[0].words, [3]);
  const [ranked] = all;
  assertEquals(ranked[0].words.slice(1), [7, 8]);
  const texts = (captions: typeof plain) => captions.map(({ words }) => `${words}`).toSorted();
  assertEquals(texts(ranked), texts(plain));
  for (const [i, { score }] of ranked.slice(1).entries()) assert(score <= ranked[i].score);
  assertEquals(search({ consensus: { ...consensus, weight: 0 } })[0], plain);
  assertEquals(search({ consensus, beam: 1 }), search({ beam: 1 })); // nothing to choose from
  for (const other of all) assertEquals(other, ranked); // whatever is captioned with a photo
  // Spread evenly: of 200 samples 68 are [3], 44 each of the others, whose agreement is exact.
  const { score, logProbability } = ranked.find(({ words }) => words.length === 1)!;
  assertAlmostEquals(score - logProbability, 20 * 68 / 200 / 4, 1e-6);
  const asynchronous = await beamSearchAsync(decoder, new Map(), features, markers, {
    ...settings,
    consensus,
  }, { keyOf: (photo) => `${photo}` });
  assertEquals(asynchronous, all);
  features.dispose();
  assertEquals(tf.memory().numTensors, before);
});

Deno.test("samples that have said the same are read as one", async () => {
  await tf.setBackend("cpu");
  const features = tf.zeros([2, 1]);
  const read: string[] = [];
  const listening: typeof decoder = Object.create(decoder, {
    step: {
      value: (...[weights, state, words]: Parameters<typeof decoder.step>) => {
        read.push(words.dataSync().join(" "));
        return decoder.step(weights, state, words);
      },
    },
  });
  beamSearch(listening, new Map(), features, markers, { ...settings, consensus });
  const samples = read.slice(read.lastIndexOf("1 1"));
  assertEquals(samples, ["1 1", "3 4 5 6 3 4 5 6", "7 7 7 7 7 7", "8 8 8 8 8 8"]);
  features.dispose();
});

Deno.test("beamSearchAsync() that is ended within the samples frees them", async () => {
  await tf.setBackend("cpu");
  const before = tf.memory().numTensors;
  const features = tf.zeros([1, 1]);
  const signal = new AbortController();
  let asked = 0;
  const error = await beamSearchAsync(decoder, new Map(), features, markers, {
    ...settings,
    consensus,
  }, {
    signal: signal.signal,
    // The search asks four times a caption's word, and then the samples go on.
    isUnwanted: () => (++asked > 6 && signal.abort(), false),
  }).catch((error) => error);
  assertEquals(error?.name, "AbortError");
  features.dispose();
  assertEquals(tf.memory().numTensors, before);
});

Deno.test("decodingSettings refuse a consensus of captions that are drawn", () => {
  assertEquals(decodingSettings.parse({ consensus: {} }).consensus, {
    samples: 60,
    temperature: 0.7,
    weight: 3,
  });
  const refused = (settings: Record<string, unknown>, message: string) =>
    assertThrows(() => decodingSettings.parse({ consensus: {}, ...settings }), Error, message);
  refused({ sampling: { kind: "temperature" } }, "set decoding.consensus.weight to 0");
  const sampling = { kind: "temperature" as const };
  assertEquals(decodingSettings.parse({ consensus: { weight: 0 }, sampling }).consensus?.weight, 0);
});
