import * as tf from "@tensorflow/tfjs";
import { beamSearch, beamSearchAsync } from "../../lib/decoding/mod.ts";
import { createDecoder, type Decoder, modelSettings } from "../../lib/models/mod.ts";
import { assert, assertEquals, assertRejects } from "../assert.ts";

const markers = { start: 1, end: 2, forbidden: [0, 1] };
const settings = { beam: 3, maxLength: 8, lengthNormalisation: 0.7 };
const WIDTH = 3;

/** A small decoder of random weights on the plain backend; it has to leave no tensor behind. */
async function withDecoder(
  test: (decoder: Decoder, weights: Map<string, tf.Tensor>, features: tf.Tensor) => Promise<void>,
): Promise<void> {
  await tf.setBackend("cpu");
  const tensors = tf.memory().numTensors;
  const decoder = createDecoder(
    modelSettings.parse({ kind: "merge", embedding: 4, units: 5, dense: 6 }),
    { vocabularySize: 12, featureShape: [WIDTH] },
  );
  const weights = new Map(
    [...decoder.initialWeights(3)].map(([name, { shape, data }]) => [name, tf.tensor(data, shape)]),
  );
  const features = tf.tensor(
    Float32Array.from({ length: 5 * WIDTH }, (_, i) => Math.sin(i * i)),
    [5, WIDTH],
  );
  await test(decoder, weights, features);
  tf.dispose([features, ...weights.values()]);
  assertEquals(tf.memory().numTensors, tensors);
}

type Steps = Pick<Decoder, "vocabularySize" | "start" | "step">;

/** A decoder that does something before each step. */
function before(decoder: Decoder, act: () => void): Steps {
  return {
    vocabularySize: decoder.vocabularySize,
    start: (...given) => decoder.start(...given),
    step: (...given) => {
      act();
      return decoder.step(...given);
    },
  };
}

/** A decoder whose every step takes some time, so that a search has to give way. */
function slow(decoder: Decoder): Steps {
  return before(decoder, () => {
    for (const end = performance.now() + 105; performance.now() < end;);
  });
}

Deno.test("beamSearchAsync() gives the captions of beamSearch(), bit for bit", () =>
  withDecoder(async (decoder, weights, features) => {
    for (const beam of [1, 2, 5]) {
      const changed = { ...settings, beam };
      assertEquals(
        await beamSearchAsync(decoder, weights, features, markers, changed),
        beamSearch(decoder, weights, features, markers, changed),
      );
    }
  }));

Deno.test("beamSearchAsync() twice at once gives what each gives alone", () =>
  withDecoder(async (decoder, weights, features) => {
    const slowly = slow(decoder);
    const one = tf.slice(features, [0, 0], [2, WIDTH]);
    const found = await Promise.all([
      beamSearchAsync(slowly, weights, features, markers, settings),
      beamSearchAsync(slowly, weights, one, markers, settings),
    ]);
    assertEquals(found[0], beamSearch(decoder, weights, features, markers, settings));
    assertEquals(found[1], beamSearch(decoder, weights, one, markers, settings));
    one.dispose();
  }));

Deno.test("beamSearchAsync() lets timers run between words", () =>
  withDecoder(async (decoder, weights, features) => {
    let ticks = 0;
    const timer = setInterval(() => ticks++, 1);
    const found = await beamSearchAsync(slow(decoder), weights, features, markers, settings);
    clearInterval(timer);
    const longest = Math.max(...found.flat().map(({ words }) => words.length));
    assert(longest > 2 && ticks >= longest - 1, `${ticks} ticks in ${longest} words`);
  }));

Deno.test("beamSearchAsync() ends with its signal and leaves no tensor behind", () =>
  withDecoder(async (decoder, weights, features) => {
    for (const words of [0, 2]) {
      const stop = new AbortController();
      let steps = 0;
      const stopping = before(decoder, () => {
        if (steps++ === words) stop.abort(new Error("enough"));
      });
      await assertRejects(
        () => beamSearchAsync(stopping, weights, features, markers, settings, stop),
        Error,
        "enough",
      );
      assertEquals(steps, words + 1);
    }
  }));

Deno.test("beamSearchAsync() refuses what beamSearch() refuses", () =>
  withDecoder(async (decoder, weights, features) => {
    const none = { ...settings, beam: 0 };
    await assertRejects(
      () => beamSearchAsync(decoder, weights, features, markers, none),
      RangeError,
      "Beam is 0",
    );
  }));
