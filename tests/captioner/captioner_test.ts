import { plainAdam } from "../../lib/nn/mod.ts";
import * as tf from "@tensorflow/tfjs";
import { Captioner, readCaptionerParts } from "../../lib/captioner/mod.ts";
import { loadConfig } from "../../lib/config/mod.ts";
import { createDecoder } from "../../lib/models/mod.ts";
import type { Engine } from "../../lib/engine/mod.ts";
import { fitTokenizer, tokenizerToJson } from "../../lib/text/mod.ts";
import { startOfEpoch, writeCheckpoint } from "../../lib/training/mod.ts";
import { assert, assertEquals, assertRejects, assertThrows } from "../assert.ts";
import { granted } from "../permissions.ts";

const ignore = !granted("read", "write");

/** The plain backend: no native code is needed to caption by features. */
const engine: Engine = { name: "wasm", description: "plain", gpu: false, optimizer: plainAdam };

const captions = ["a red circle", "a blue square on grass", "two red squares"];
const featureShape = [6];

/** A run's folder with random weights. */
async function withRun(
  test: (run: string, captioner: () => Promise<Captioner>) => Promise<void>,
): Promise<void> {
  await tf.setBackend("cpu");
  const run = await Deno.makeTempDir();
  try {
    const config = await loadConfig({
      overrides: ["model.embedding=4", "model.units=5", "model.dense=4", "decoding.maxLength=6"],
    });
    const tokenizer = fitTokenizer(captions, { ...config.text, minCount: 1 });
    const inputs = { vocabularySize: tokenizer.vocabularySize, featureShape };
    const weights = createDecoder(config.model, inputs).initialWeights(1);
    const at = {
      steps: 0,
      position: startOfEpoch(0),
      learningRate: 0,
      callbacks: {},
      moments: new Map(),
    };
    await writeCheckpoint(`${run}/checkpoints/best.safetensors`, { weights, ...at });
    await Deno.writeTextFile(`${run}/tokenizer.json`, tokenizerToJson(tokenizer));
    const training = JSON.stringify({ featureShape, encoderKey: "another" });
    await Deno.writeTextFile(`${run}/training.json`, training);
    await test(
      run,
      async () => new Captioner(await readCaptionerParts(run, config), engine),
    );
  } finally {
    await Deno.remove(run, { recursive: true });
  }
}

const test = (name: string, fn: Parameters<typeof withRun>[0]) =>
  Deno.test({ name, ignore, fn: () => withRun(fn) });

test(
  "captionFeatures() of many photos equals one at a time, in batches of any size",
  async (_, make) => {
    const captioner = await make();
    const photos = 5;
    const features = Float32Array.from({ length: photos * 6 }, (_, i) => Math.sin(i * i));
    const settings = captioner.config.decoding;
    const all = captioner.captionFeatures(features, photos);
    assertEquals(all.length, photos);
    const inBatches = captioner.captionFeatures(features, photos, { ...settings, batchSize: 2 });
    assertEquals(inBatches.map(({ caption }) => caption), all.map(({ caption }) => caption));
    for (let i = 0; i < photos; i++) {
      const [one] = captioner.captionFeatures(features.slice(i * 6, i * 6 + 6), 1);
      assertEquals(one.caption, all[i].caption);
      assertEquals(one.alternatives.length, settings.beam - 1);
      assertEquals(one.words.map(({ word }) => word).join(" "), one.caption);
      for (const { word, probability } of one.words) {
        assert(!/[<>]/.test(word) && probability > 0 && probability <= 1, word);
      }
    }
    await captioner.dispose();
  },
);

test("captionFeatures() and dispose() leave no tensor behind", async (_, make) => {
  const before = tf.memory().numTensors;
  const captioner = await make();
  const loaded = tf.memory().numTensors;
  captioner.captionFeatures(new Float32Array(18), 3);
  assertEquals(tf.memory().numTensors, loaded);
  await captioner.dispose();
  assertEquals(tf.memory().numTensors, before);
});

test("Captioner of a checkpoint of another network names the first difference", async (run) => {
  const config = await loadConfig({ overrides: ["model.units=7"] });
  const parts = await readCaptionerParts(run, config);
  const error = assertThrows(() => new Captioner(parts, engine), Error, "is of another network");
  assert(/should be \[[\d,]+\], but is \[[\d,]+\]/.test(error.message), error.message);
});

test(
  "captionPhotos() with other encoder weights than the training's is refused",
  async (_, make) => {
    const captioner = await make();
    await assertRejects(
      () => captioner.captionPhotos(["a.jpg"]),
      Error,
      "are not those that this run was trained with",
    );
  },
);

test("readCaptionerParts() of an unfinished run says to train it first", async (run) => {
  const config = await loadConfig({});
  await Deno.remove(`${run}/training.json`);
  await assertRejects(() => readCaptionerParts(run, config), Error, "no training.json");
});
