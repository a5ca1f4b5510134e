import * as tf from "@tensorflow/tfjs";
import { beamSearch, beamSearchAsync } from "../../lib/decoding/mod.ts";
import { IdealDecoder } from "./ideal_decoder.ts";
import { assertEquals } from "../assert.ts";

const markers = { start: 0, end: 1, forbidden: [0] };
const references = [[2, 3, 4], [5], [6, 7, 8, 9]];
const settings = { beam: 1, maxLength: 6, lengthNormalisation: 0 };

/** A decoder that knows its references; it has to leave no tensor behind. */
async function withIdeal(
  test: (decoder: IdealDecoder, features: tf.Tensor) => Promise<void>,
): Promise<void> {
  await tf.setBackend("cpu");
  const before = tf.memory().numTensors;
  const features = tf.tensor2d([0, 1, 2], [3, 1]);
  await test(new IdealDecoder(references, 10, markers.end), features);
  features.dispose();
  assertEquals(tf.memory().numTensors, before);
}

Deno.test("beamSearchAsync() of width 1 reports each word with its probability, in order", () =>
  withIdeal(async (decoder, features) => {
    const words: number[][] = [[], [], []], probabilities: number[][] = [[], [], []];
    const found = await beamSearchAsync(decoder, new Map(), features, markers, settings, {
      onWord: (photo, word, probability) => {
        words[photo].push(word);
        probabilities[photo].push(probability);
      },
    });
    assertEquals(words, references);
    assertEquals(found.map(([{ words }]) => words), words);
    assertEquals(found.map(([{ probabilities }]) => probabilities), probabilities);
  }));

Deno.test("beamSearchAsync() of a wider beam reports no word", () =>
  withIdeal(async (decoder, features) => {
    let words = 0;
    const onWord = () => words++;
    const wide = { ...settings, beam: 2 };
    await beamSearchAsync(decoder, new Map(), features, markers, wide, { onWord });
    assertEquals(words, 0);
  }));

Deno.test("a photo that is unwanted ends there, the others' captions are the same bits", () =>
  withIdeal(async (decoder, features) => {
    for (const beam of [1, 3]) {
      const all = beamSearch(decoder, new Map(), features, markers, { ...settings, beam });
      let asked = 0;
      const found = await beamSearchAsync(
        decoder,
        new Map(),
        features,
        markers,
        { ...settings, beam },
        { isUnwanted: (photo) => photo === 2 && ++asked === 2 },
      );
      assertEquals(found.slice(0, 2), all.slice(0, 2));
      assertEquals(found[2][0].words, [6, 7]);
    }
  }));

Deno.test("a search of unwanted photos alone ends after one step", () =>
  withIdeal(async (decoder, features) => {
    let steps = 0;
    const counting = {
      vocabularySize: decoder.vocabularySize,
      start: decoder.start.bind(decoder),
      step: (...given: Parameters<IdealDecoder["step"]>) => {
        steps++;
        return decoder.step(...given);
      },
    };
    const isUnwanted = () => true;
    await beamSearchAsync(counting, new Map(), features, markers, settings, { isUnwanted });
    assertEquals(steps, 1);
  }));
