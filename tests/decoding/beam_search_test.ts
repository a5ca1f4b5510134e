import * as tf from "@tensorflow/tfjs";
import { beamSearch, type DecodedCaption } from "../../lib/decoding/mod.ts";
import { createDecoder, type Decoder, DecoderRows, modelSettings } from "../../lib/models/mod.ts";
import { Random } from "../../lib/random/mod.ts";
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "../assert.ts";
import { normal } from "../engine/tensorflow/gradients.ts";
import {
  ignoreTensorFlow as ignore,
  startTensorFlow,
  withoutLeak,
} from "../engine/tensorflow/tensorflow_backend.ts";
import { IdealDecoder } from "./ideal_decoder.ts";

const [PADDING, START, END, UNKNOWN] = [0, 1, 2, 3];
const markers = { start: START, end: END, forbidden: [PADDING, START, UNKNOWN] };
const PHOTOS = 5;
const WIDTH = 3;

type Settings = Parameters<typeof beamSearch>[4];
const settings = (changes: Partial<Settings> = {}): Settings => ({
  beam: 3,
  maxLength: 6,
  lengthNormalisation: 0.7,
  ...changes,
});

interface Model {
  decoder: Decoder;
  weights: Map<string, tf.Tensor>;
  features: tf.Tensor2D;
  vocabulary: number;
  /** What `follow` found out. */
  followers: Map<string, number[]>;
}

/** A decoder of random weights that likes what it must not say best of all. */
function model(seed: number, vocabulary = 12): Model {
  const decoder = createDecoder(
    modelSettings.parse({ kind: "merge", embedding: 4, units: 5, dense: 6 }),
    { vocabularySize: vocabulary, featureShape: [WIDTH] },
  );
  const weights = new Map(
    [...decoder.initialWeights(seed)].map(([name, { shape, data }]) => {
      const random = new Random(seed, "weights", name);
      const moved = data.map((x) => x + random.normal());
      if (name === "output/bias") markers.forbidden.forEach((index) => moved[index] = 20);
      return [name, tf.tensor(moved, shape)];
    }),
  );
  const features = normal(`features ${seed}`, [PHOTOS, WIDTH]) as tf.Tensor2D;
  return { decoder, weights, features, vocabulary, followers: new Map() };
}

/** A test on several models; no tensor may be left by it. */
function test(name: string, criterion: (model: Model) => void, vocabulary?: number): void {
  Deno.test({
    name,
    ignore,
    async fn() {
      const { backend } = await startTensorFlow();
      for (const seed of [1, 2, 3]) {
        await withoutLeak(backend, () => tf.tidy(() => criterion(model(seed, vocabulary))));
      }
    },
  });
}

const search = ({ decoder, weights, features }: Model, changes?: Partial<Settings>) =>
  beamSearch(decoder, weights, features, markers, settings(changes));

/** Log probabilities of the words that may follow, the others -Infinity. */
function follow(model: Model, photo: number, words: number[]): number[] {
  const key = `${photo}: ${words}`;
  const known = model.followers.get(key);
  if (known) return known;
  const logs = tf.tidy(() => {
    const { decoder, weights, features } = model;
    const rows = new DecoderRows(decoder, weights, tf.slice(features, [photo, 0], [1, WIDTH]));
    let logits: tf.Tensor2D | undefined;
    for (const word of [START, ...words]) {
      ({ logits } = rows.read([word], (step) => step));
    }
    const allowed = Array.from(
      logits!.dataSync(),
      (x, i) => markers.forbidden.includes(i) ? -Infinity : x,
    );
    const highest = Math.max(...allowed);
    const sum = allowed.reduce((sum, x) => sum + Math.exp(x - highest), 0);
    return allowed.map((x) => x - highest - Math.log(sum));
  });
  model.followers.set(key, logs);
  return logs;
}

/** Greedy decoding as one would write it first: a photo at a time, all words read again for each. */
function greedy(model: Model, photo: number, maxLength: number) {
  const words: number[] = [];
  let logProbability = 0;
  while (words.length < maxLength) {
    const logs = follow(model, photo, words);
    const word = logs.indexOf(Math.max(...logs));
    logProbability += logs[word];
    if (word === END) break;
    words.push(word);
  }
  return { words, logProbability };
}

/** What a caption's words and, if it is not cut off, its end are given by the model. */
function logProbabilities(model: Model, photo: number, words: number[], maxLength: number) {
  const all = words.length < maxLength ? [...words, END] : words;
  return all.map((word, i) => follow(model, photo, words.slice(0, i))[word]);
}

const sum = (numbers: number[]) => numbers.reduce((total, x) => total + x, 0);

test("beamSearch() with width 1 equals greedy decoding", (model) => {
  for (const [photo, captions] of search(model, { beam: 1, maxLength: 8 }).entries()) {
    const expected = greedy(model, photo, 8);
    assertEquals(captions.map(({ words }) => words), [expected.words]);
    assertAlmostEquals(captions[0].logProbability, expected.logProbability, 1e-5);
  }
});

test("beamSearch() with any width finds nothing that scores lower than greedy", (model) => {
  for (const lengthNormalisation of [0, 0.7, 1, 2]) {
    const best = (beam: number) =>
      search(model, { beam, lengthNormalisation }).map(([caption]) => caption.score);
    const low = best(1);
    for (const beam of [2, 3, 5, 20]) {
      best(beam).forEach((score, photo) => assert(score >= low[photo] - 1e-6, `${beam}, ${photo}`));
    }
  }
});

test("beamSearch() as wide as there are captions finds all of them, the best first", (model) => {
  const maxLength = 3;
  for (const lengthNormalisation of [0, 0.7]) {
    const found = search(model, { beam: 100, maxLength, lengthNormalisation });
    for (const [photo, captions] of found.entries()) {
      const expected: { words: number[]; score: number }[] = [];
      const grow = (words: number[]) => {
        const logProbability = sum(logProbabilities(model, photo, words, maxLength));
        const length = Math.max(1, words.length);
        expected.push({ words, score: logProbability / length ** lengthNormalisation });
        if (words.length === maxLength) return;
        for (let word = 4; word < model.vocabulary; word++) grow([...words, word]);
      };
      grow([]);
      expected.sort((a, b) => b.score - a.score);
      assertEquals(captions.length, expected.length); // 1 + 2 + 4 + 8
      captions.forEach(({ words, score }, i) => {
        assertEquals(words, expected[i].words);
        assertAlmostEquals(score, expected[i].score, 1e-5);
      });
    }
  }
}, 6);

test("beamSearch() of many photos equals beamSearch() of one at a time", (model) => {
  for (const beam of [1, 3]) {
    const together = search(model, { beam });
    for (const [photo, captions] of together.entries()) {
      const features = tf.slice(model.features, [photo, 0], [1, WIDTH]);
      const [alone] = search({ ...model, features }, { beam });
      assertEquals(captions.map(({ words }) => words), alone.map(({ words }) => words));
      captions.forEach(({ logProbability }, i) =>
        assertAlmostEquals(logProbability, alone[i].logProbability, 1e-5)
      );
    }
  }
});

test("beamSearch() emits no marker, and no more than maxLength words", (model) => {
  for (const maxLength of [1, 2, 9]) {
    for (const beam of [1, 4]) {
      for (const captions of search(model, { beam, maxLength })) {
        assert(captions.length >= 1 && captions.length <= beam);
        for (const { words } of captions) {
          assert(words.every((word) => word > UNKNOWN && word < model.vocabulary), `${words}`);
          assert(words.length <= maxLength);
        }
      }
    }
  }
});

test("beamSearch() gives alternatives that differ, sorted by score", (model) => {
  for (const captions of search(model, { beam: 5 })) {
    assertEquals(captions.length, 5);
    assertEquals(new Set(captions.map(({ words }) => String(words))).size, 5);
    assertEquals(
      captions.map(({ score }) => score),
      captions.map(({ score }) => score).toSorted((a, b) => b - a),
    );
  }
});

test("beamSearch() gives each word the model's probability, and their logarithms' sum with the end's", (model) => {
  const maxLength = 4;
  let cutOff = 0;
  const found = search(model, { beam: 4, maxLength, lengthNormalisation: 0 });
  for (const [photo, captions] of found.entries()) {
    for (const { words, probabilities, logProbability } of captions) {
      const logs = logProbabilities(model, photo, words, maxLength);
      if (logs.length === words.length) cutOff++;
      assertEquals(probabilities.length, words.length);
      probabilities.forEach((p, i) => assertAlmostEquals(p, Math.exp(logs[i]), 1e-5));
      assertAlmostEquals(logProbability, sum(logs), 1e-4);
    }
  }
  assert(cutOff > 0 && cutOff < 4 * PHOTOS, `${cutOff} captions were cut off`);
});

test("beamSearch() scores by log probability / length to the power given", (model) => {
  for (const lengthNormalisation of [0, 0.5, 2]) {
    for (const captions of search(model, { lengthNormalisation })) {
      for (const { words, logProbability, score } of captions) {
        const length = Math.max(1, words.length);
        assertAlmostEquals(score, logProbability / length ** lengthNormalisation, 1e-12);
      }
    }
  }
});

test("beamSearch() takes a beam wider than the vocabulary, and no photos", (model) => {
  for (const captions of search(model, { beam: 50, maxLength: 2 })) {
    assertEquals(captions.length, 50); // of 1 + 8 + 64
  }
  const features = tf.zeros([0, WIDTH]) as tf.Tensor2D;
  assertEquals(search({ ...model, features }), []);
});

test("beamSearch() refuses a beam or a length below 1", (model) => {
  assertThrows(() => search(model, { beam: 0 }), RangeError, "Beam is 0; it must be at least 1");
  assertThrows(() => search(model, { beam: NaN }), RangeError, "Beam is NaN");
  assertThrows(() => search(model, { maxLength: 0 }), RangeError, "Longest caption is 0");
});

Deno.test({
  name: "beamSearch() gives an ideal model's references back, whatever the beam and the lengths",
  ignore,
  async fn() {
    const { backend } = await startTensorFlow();
    const references = [[4], [5, 6, 7, 4, 4, 4], [], [9, 8], [4, 5, 4, 5]];
    await withoutLeak(backend, () => {
      for (const beam of [1, 3]) {
        const features = tf.tensor2d(references.map((_, i) => [i]));
        const found = beamSearch(
          new IdealDecoder(references, 10, END),
          new Map(),
          features,
          markers,
          settings({ beam }),
        );
        features.dispose();
        const best = found.map(([caption]): DecodedCaption => caption);
        assertEquals(best.map(({ words }) => words), references);
        for (const { probabilities, logProbability } of best) {
          assert(probabilities.every((p) => p > 0.9999));
          assertAlmostEquals(logProbability, 0, 1e-4);
        }
      }
    });
  },
});

Deno.test({
  name: "beamSearch() leaves nothing behind where the model throws",
  ignore,
  async fn() {
    const { backend } = await startTensorFlow();
    await withoutLeak(backend, () => {
      const decoder = new IdealDecoder([[4, 5, 6]], 10, END);
      const step = decoder.step.bind(decoder);
      let steps = 0;
      decoder.step = (...given) => {
        if (++steps === 3) throw new Error("out of order");
        return step(...given);
      };
      const features = tf.tensor2d([[0]]);
      assertThrows(
        () => beamSearch(decoder, new Map(), features, markers, settings()),
        Error,
        "out of order",
      );
      features.dispose();
    });
  },
});

test("beamSearch() without forbidden words is Keras' loop: the most probable of all words, until end or padding", (model) => {
  const { decoder, weights, features } = model;
  const free = { start: START, end: END, padding: PADDING, forbidden: [] };
  // Padding and start are not far above the rest, so that captions have words before it.
  const bias = weights.get("output/bias")!;
  const mild = tf.tensor1d(Array.from(bias.dataSync(), (x, i) => i < 4 ? 1.5 + i / 10 : x));
  const given = new Map([...weights, ["output/bias", mild]]);
  const found = beamSearch(decoder, given, features, free, settings({ beam: 1, maxLength: 8 }));
  for (let photo = 0; photo < PHOTOS; photo++) {
    const rows = new DecoderRows(decoder, given, tf.slice(features, [photo, 0], [1, WIDTH]));
    const words: number[] = [];
    for (let word = START; words.length < 8;) {
      const next = rows.read([word], (step) => step);
      word = tf.argMax(next.logits, 1).dataSync()[0];
      if (word === END || word === PADDING) break;
      words.push(word);
    }
    assertEquals(found[photo][0].words, words);
  }
});
