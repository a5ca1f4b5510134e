// On TF.js' own backend: no permission is needed.
import * as tf from "@tensorflow/tfjs";
import { createDecoder, DecoderRows, modelSettings, parameterCount } from "../../lib/models/mod.ts";
import { beamSearch } from "../../lib/decoding/mod.ts";
import { Random } from "../../lib/random/mod.ts";
import { captionBatch, type CaptionSet, crossEntropy } from "../../lib/training/mod.ts";
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "../assert.ts";
import { finiteDifferenceError } from "../engine/tensorflow/gradients.ts";
import { madeCaptions } from "./made_captions.ts";

const [VOCABULARY, WIDTH, FEED, LAYERS] = [23, 8, 7, 2];
const GRID = [2, 3, 4];
const inputs = { vocabularySize: VOCABULARY, featureShape: GRID };
const settings = {
  kind: "transformer" as const,
  width: WIDTH,
  heads: 2,
  layers: LAYERS,
  feedForward: FEED,
  maxWords: 9,
};
const decoder = createDecoder(modelSettings.parse(settings), inputs);

/** Initial weights with the zeros of the biases made to count. */
function madeWeights(spread = 0.3): Map<string, tf.Tensor> {
  const random = new Random(9, "weights");
  return new Map(
    [...decoder.initialWeights(3)].map(([name, { shape, data }]) => [
      name,
      tf.tensor(data.map((x) => x + spread * random.normal()), shape),
    ]),
  );
}

/** Captions of photos with a grid of features: two of the first photo, or as many of each. */
function madeSet(count: number, ofEach?: number): CaptionSet {
  const { captions, photos, features } = madeCaptions(count, { width: 24 });
  const first = (i: number) => ofEach === undefined ? i === 1 ? 0 : i : i - i % ofEach;
  return {
    captions,
    photos: photos.map((_, i) => photos[first(i)]),
    features: { featureShape: GRID, gather: features.gather },
  };
}

function batchOf(count: number, ofEach?: number) {
  const set = madeSet(count, ofEach);
  return { set, ...captionBatch(set, set.captions.map((_, i) => i)) };
}

/** A test on TF.js' own backend that frees its tensors. */
function test(criterion: string, check: () => void): void {
  Deno.test(`TransformerDecoder: ${criterion}`, async () => {
    await tf.setBackend("cpu");
    tf.tidy(check);
  });
}

test("parameters are those of places, words, layers and the output's bias", () => {
  const attention = 4 * WIDTH * WIDTH + WIDTH; // query, key, value, and the output with its bias
  const feedForward = (WIDTH + 1) * FEED + (FEED + 1) * WIDTH;
  const norm = 2 * WIDTH;
  const image = (GRID[2] + 1) * WIDTH + GRID[0] * GRID[1] * WIDTH + norm;
  const words = (VOCABULARY + settings.maxWords + 1) * WIDTH;
  assertEquals(
    parameterCount(decoder),
    image + words + LAYERS * (2 * attention + feedForward + 3 * norm) + norm + VOCABULARY,
  );
});

for (const ofEach of [undefined, 3]) {
  const of = ofEach ? `of ${ofEach} captions each` : "of one caption each, but one";
  test(`step() with what it keeps equals forward() at every word, over grids ${of}`, () =>
    stepsEqualForward(batchOf(6, ofEach)));
}

function stepsEqualForward({ set, batch }: ReturnType<typeof batchOf>): void {
  const weights = madeWeights();
  const { kernel, bias } = decoder.head(weights);
  const logits = tf.add(tf.matMul(decoder.forward(weights, batch), kernel), bias);
  const words = logits.arraySync() as number[][];
  const captionOf = batch.captionOf.dataSync();
  for (const [i, caption] of set.captions.entries()) {
    const expected = words.filter((_, word) => captionOf[word] === i);
    const features = tf.tensor(set.features.gather([set.photos[i]]), [1, ...GRID]);
    const rows = new DecoderRows(decoder, weights, features);
    for (const [t, row] of expected.entries()) {
      const next = rows.read([caption[t]], (step) => step);
      next.logits.dataSync().forEach((logit, k) => assertAlmostEquals(logit, row[k], 1e-4));
    }
  }
}

test("a later word changes nothing before it", () => {
  const weights = madeWeights();
  const { batch } = batchOf(1);
  const hidden = (last: number) => {
    const words = [1, 5, 6, 7, last];
    const changed = {
      ...batch,
      time: words.length,
      lengths: [words.length],
      inputs: tf.tensor2d(words, [words.length, 1], "int32"),
      positions: undefined,
    };
    return decoder.forward(weights, changed).arraySync();
  };
  const [one, other] = [hidden(8), hidden(9)];
  assertEquals(one.slice(0, 4), other.slice(0, 4));
  assert(one[4].some((x, i) => Math.abs(x - other[4][i]) > 1e-3));
});

test("gradients over a grid are those of finite differences", () => {
  const weights = madeWeights(0.5);
  const { batch } = batchOf(4, 2); // photos shared, captions of several lengths
  for (const [name, weight] of weights) {
    const loss = (moved: tf.Tensor) =>
      crossEntropy(decoder, new Map([...weights, [name, moved]]), batch);
    // ReLU has corners.
    const step = /dense_1/.test(name) ? 1e-3 : 4e-3;
    const error = finiteDifferenceError(loss, [weight], { step, coordinates: 2 });
    assert(error < 3e-2, `${name}: off by ${error}`);
  }
});

test("captions of one photo lose what they lose each with the photo to itself", () => {
  const weights = madeWeights();
  const set = madeSet(3);
  const total = (indices: number[]) => {
    const { batch, words } = captionBatch(set, indices);
    return words * crossEntropy(decoder, weights, batch).dataSync()[0];
  };
  assertAlmostEquals(total([0, 1, 2]), total([0]) + total([1]) + total([2]), 1e-3);
});

test("attention is shown over a grid's places and sums to 1; a vector has none", () => {
  const weights = madeWeights();
  const features = tf.randomNormal([3, ...GRID], 0, 1, "float32", 7);
  const rows = new DecoderRows(decoder, weights, features);
  for (const word of [1, 5]) {
    const next = rows.read([word, word, word], (step) => step);
    assertEquals(next.attention!.shape, [3, 6]);
    tf.sum(next.attention!, 1).dataSync().forEach((sum) => assertAlmostEquals(sum, 1, 1e-5));
    const shares = next.attention!.dataSync();
    assert(Math.max(...shares) > 0.2, `${shares}`);
  }
  const plain = createDecoder(modelSettings.parse(settings), { ...inputs, featureShape: [4] });
  const own = new Map(
    [...plain.initialWeights(1)].map(([name, { shape, data }]) => [name, tf.tensor(data, shape)]),
  );
  const read = new DecoderRows(plain, own, tf.ones([2, 4])).read([1, 1], (step) => step);
  assertEquals(read.attention, undefined);
});

test("beam search gathers its state: a wider beam never finds a less probable caption", () => {
  const weights = madeWeights();
  const features = tf.randomNormal([4, ...GRID], 0, 1, "float32", 3);
  const markers = { start: 1, end: 2, forbidden: [0, 1] };
  const best = (beam: number) =>
    beamSearch(decoder, weights, features, markers, {
      beam,
      maxLength: 6,
      lengthNormalisation: 0,
    }).map(([first]) => first);
  const [greedy, wide] = [best(1), best(VOCABULARY)];
  greedy.forEach((caption, i) =>
    assert(wide[i].logProbability >= caption.logProbability - 1e-4, `photo ${i}`)
  );
  // What it says of a caption is what reading it word by word gives.
  const { words, logProbability } = greedy[0];
  const rows = new DecoderRows(decoder, weights, tf.slice(features, [0, 0, 0, 0], [1, ...GRID]));
  let sum = 0;
  const ended = words.length < 6 ? [...words, markers.end] : words;
  const allowed = tf.tensor1d(Array.from({ length: VOCABULARY }, (_, i) => i < 2 ? -1e9 : 0));
  ended.forEach((word, t) => {
    const read = t === 0 ? markers.start : ended[t - 1];
    const next = rows.read([read], (step) => step);
    sum += tf.logSoftmax(tf.add(next.logits, allowed)).dataSync()[word];
  });
  assertAlmostEquals(sum, logProbability, 1e-3);
});

test("refuses captions beyond its positions, by both ways, and other shapes of features", () => {
  const weights = madeWeights();
  const { batch } = batchOf(1);
  const long = {
    ...batch,
    time: 11,
    lengths: [11],
    inputs: tf.ones([11, 1], "int32") as tf.Tensor2D,
  };
  const message =
    "A caption has 10 words, but the transformer decoder has positions for 9: set a " +
    "larger model.maxWords and train again";
  assertThrows(() => decoder.forward(weights, long), RangeError, message);
  const markers = { start: 1, end: 2, forbidden: [0, 1, 2] };
  const search = { beam: 1, maxLength: 11, lengthNormalisation: 0 };
  const photo = tf.ones([1, ...GRID]);
  assertThrows(() => beamSearch(decoder, weights, photo, markers, search), RangeError, message);
  assertThrows(
    () => createDecoder(modelSettings.parse(settings), { ...inputs, featureShape: [7, 512] }),
    RangeError,
    "but the encoder gives [7,512]: choose another encoder.layer",
  );
});

test("heads that do not divide the width are refused", () => {
  const { error } = modelSettings.safeParse({ ...settings, heads: 3 });
  assertEquals(error?.issues.map(({ path, message }) => [path, message]), [
    [["heads"], "It must divide width, which is 8"],
  ]);
});
