import * as tf from "@tensorflow/tfjs";
import {
  beamSearch,
  beamSearchAsync,
  decodingSettings,
  type SearchSettings,
} from "../../lib/decoding/mod.ts";
import { createDecoder, modelSettings } from "../../lib/models/mod.ts";
import { Random } from "../../lib/random/mod.ts";
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "../assert.ts";
import { MarkovDecoder } from "./markov_decoder.ts";

const END = 2;
const markers = { start: 1, end: END, forbidden: [0, 1] };
const settings = { beam: 3, maxLength: 9, lengthNormalisation: 0.7 };
const PHOTOS = 6;

/** A test on TF.js' plain backend that has to leave no tensor behind. */
function test(name: string, fn: () => void | Promise<void>): void {
  Deno.test(name, async () => {
    await tf.setBackend("cpu");
    const before = tf.memory().numTensors;
    await fn();
    assertEquals(tf.memory().numTensors, before);
  });
}

/** Captions of a decoder of random weights, which like to repeat words. */
function found(changes: Partial<SearchSettings>, seed = 1, likesEnd = 0) {
  const decoder = createDecoder(
    modelSettings.parse({ kind: "merge", embedding: 3, units: 4, dense: 5 }),
    { vocabularySize: 9, featureShape: [2] },
  );
  const weights = new Map(
    [...decoder.initialWeights(seed)].map(([name, { shape, data }]) => {
      const random = new Random(seed, name);
      const moved = data.map((x) => x + random.normal());
      if (name === "output/bias") moved[END] += likesEnd;
      return [name, tf.tensor(moved, shape)];
    }),
  );
  const features = tf.tensor2d(Array.from({ length: PHOTOS }, (_, i) => [Math.sin(i), i % 2]));
  const captions = beamSearch(decoder, weights, features, markers, { ...settings, ...changes });
  tf.dispose([features, ...weights.values()]);
  return captions;
}

const ngrams = (words: number[], n: number) =>
  words.slice(n - 1).map((_, i) => words.slice(i, i + n).join(" "));

const isRepeating = (words: number[], n: number) =>
  new Set(ngrams(words, n)).size < ngrams(words, n).length;

test("beamSearch() goes on for a probable long caption after as many short ones ended", () => {
  const sure = 0.999;
  const decoder = new MarkovDecoder({
    1: { 4: 0.5, 5: 0.45, 3: 0.05 },
    4: { [END]: 0.5, 6: 0.48, 3: 0.02 },
    5: { [END]: 0.9, 3: 0.1 },
    6: { 7: sure },
    7: { 8: sure },
    8: { [END]: sure },
  }, 9);
  const features = tf.zeros([1, 1]);
  for (const beam of [2, 5, 10, 20]) {
    const [[best]] = beamSearch(decoder, new Map(), features, markers, { ...settings, beam });
    assertEquals(best.words, [4, 6, 7, 8], `beam ${beam}`);
    assertAlmostEquals(best.probabilities[1], 0.48, 1e-5);
  }
  const [[greedy]] = beamSearch(decoder, new Map(), features, markers, { ...settings, beam: 1 });
  assertEquals(greedy.words, [4]);
  features.dispose();
});

test("beamSearch() with noRepeatNgram says no n-gram twice", () => {
  for (const beam of [1, 3]) {
    for (const noRepeatNgram of [1, 2, 3]) {
      let repeating = 0;
      for (const seed of [1, 2, 3]) {
        const plain = found({ beam }, seed), without = found({ beam, noRepeatNgram }, seed);
        for (const [photo, captions] of without.entries()) {
          assert(captions.every(({ words }) => !isRepeating(words, noRepeatNgram)), `${captions}`);
          const repeats = isRepeating(plain[photo][0].words, noRepeatNgram);
          if (repeats) repeating++;
          if (beam === 1 && !repeats) assertEquals(captions, plain[photo]);
        }
      }
      assert(repeating > 0, `beam ${beam}, ${noRepeatNgram}`);
    }
  }
});

test("beamSearch() ends a caption after which no word may follow", () => {
  const decoder = new MarkovDecoder({ 1: { 3: 1 }, 3: { 4: 1 }, 4: { 3: 1 } }, 5);
  const features = tf.zeros([1, 1]);
  const changed = { ...settings, noRepeatNgram: 1, minLength: 8 };
  const [captions] = beamSearch(decoder, new Map(), features, markers, changed);
  assertEquals(captions[0].words, [3, 4]);
  features.dispose();
});

test("beamSearch() with minLength ends no caption before", () => {
  const shortest = (captions: ReturnType<typeof found>) =>
    Math.min(...captions.flat().map(({ words }) => words.length));
  for (const beam of [1, 2, 5]) {
    assert(shortest(found({ beam }, 1, 4)) < 4);
    assertEquals(shortest(found({ beam, minLength: 4 }, 1, 4)), 4);
    assertEquals(found({ beam, minLength: 0 }, 1, 4), found({ beam }, 1, 4));
  }
});

test("beamSearch() in groups: the first is a narrower beam, the others avoid its words", () => {
  const width = 2;
  const narrow = found({ beam: width });
  const free = found({ beam: 3 * width, diverseGroups: 3, diversityPenalty: 0 });
  const diverse = found({ beam: 3 * width, diverseGroups: 3, diversityPenalty: 100, maxLength: 2 });
  for (const [photo, captions] of narrow.entries()) {
    const texts = (all: { words: number[] }[]) => new Set(all.map(({ words }) => `${words}`));
    assertEquals(texts(free[photo]), texts(captions));
    assertEquals(free[photo].length, 3 * width);
    assertEquals(diverse[photo].length, 3 * width);
    assert(new Set(diverse[photo].map(({ words }) => words[0])).size >= 3);
    const scores = diverse[photo].map(({ score }) => score);
    assertEquals(scores, scores.toSorted((a, b) => b - a));
  }
  assertEquals(found({ diverseGroups: 9 }).map((captions) => captions.length), [3, 3, 3, 3, 3, 3]);
});

/** Captions of one word that are drawn; it is 3, 4, 5, 6 with the probabilities .5, .3, .15, .05. */
async function drawn(sampling: SearchSettings["sampling"], keys: readonly string[], beam = 1) {
  const word = { 3: 0.5, 4: 0.3, 5: 0.15, 6: 0.05 };
  const last = { [END]: 1 };
  const decoder = new MarkovDecoder({ 1: word, 3: last, 4: last, 5: last, 6: last }, 7);
  const features = tf.zeros([keys.length, 1]);
  const captions = await beamSearchAsync(
    decoder,
    new Map(),
    features,
    markers,
    { ...settings, beam, sampling },
    { keyOf: (photo) => keys[photo] },
  );
  features.dispose();
  return captions;
}

const keys = Array.from({ length: 2000 }, (_, i) => `photo ${i}`);

/** Of the words 3 to 6. */
function shares(captions: Awaited<ReturnType<typeof drawn>>): number[] {
  return [3, 4, 5, 6].map((word) =>
    captions.filter(([{ words }]) => words[0] === word).length / captions.length
  );
}

test("sampling draws words by their probabilities: of all, the top k, the nucleus", async () => {
  const [temperature, seed] = [1, 1];
  const near = (found: number[], expected: number[]) =>
    expected.forEach((share, i) =>
      share === 0 ? assertEquals(found[i], 0) : assertAlmostEquals(found[i], share, 0.04)
    );
  const all = await drawn({ kind: "temperature", temperature, seed }, keys);
  near(shares(all), [0.5, 0.3, 0.15, 0.05]);
  for (const [{ words: [word], probabilities: [p] }] of all) {
    assertAlmostEquals(p, [0.5, 0.3, 0.15, 0.05][word - 3], 1e-5);
  }
  const cold = await drawn({ kind: "temperature", temperature: 0.5, seed }, keys);
  near(shares(cold), [0.25, 0.09, 0.0225, 0.0025].map((p) => p / 0.365));
  near(shares(await drawn({ kind: "top-k", k: 2, temperature, seed }, keys)), [0.625, 0.375, 0, 0]);
  const nucleus = { kind: "nucleus" as const, temperature, seed };
  near(shares(await drawn({ ...nucleus, p: 0.79 }, keys)), [0.625, 0.375, 0, 0]);
  near(shares(await drawn({ ...nucleus, p: 0.81 }, keys)), [0.526, 0.316, 0.158, 0]);
  near(shares(await drawn({ ...nucleus, p: 1 }, keys)), [0.5, 0.3, 0.15, 0.05]);
});

test("sampling depends on seed and photo, not on what is captioned with it", async () => {
  const sampling = { kind: "temperature" as const, temperature: 1, seed: 1 };
  const some = keys.slice(0, 40);
  const all = await drawn(sampling, some, 3);
  assert(all.every((captions) => captions.length === 3));
  assertEquals((await drawn(sampling, some.toReversed(), 3)).toReversed(), all);
  assertEquals(await drawn(sampling, some.slice(7, 9), 3), all.slice(7, 9));
  const one = await drawn(sampling, some);
  assertEquals(one.map(([caption]) => caption), all.map(([caption]) => caption));
  assert(shares(await drawn({ ...sampling, seed: 2 }, some)).join() !== shares(one).join());
});

test("sampling keeps to minLength and noRepeatNgram", () => {
  const sampling = { kind: "temperature" as const, temperature: 2, seed: 1 };
  const captions = found({ sampling, minLength: 4, noRepeatNgram: 1, maxLength: 5 }).flat();
  for (const { words } of captions) {
    assert(words.length >= 4 && !isRepeating(words, 1), `${words}`);
  }
});

Deno.test("decodingSettings leaves out what is not set, and refuses what no caption can keep to", () => {
  const old = ["beam", "maxLength", "lengthNormalisation", "forbidMarkers", "batchSize"];
  assertEquals(Object.keys(decodingSettings.parse({})), old);
  const { sampling } = decodingSettings.parse({ sampling: { kind: "nucleus" } });
  assertEquals(sampling, { kind: "nucleus", p: 0.9, temperature: 1, seed: 1 });
  assertThrows(() => decodingSettings.parse({ minLength: 21 }), Error, "it is above maxLength");
});
