import * as tf from "@tensorflow/tfjs";
import { join } from "node:path";
import { createDecoder, type Decoder, modelSettings } from "../../lib/models/mod.ts";
import { plainAdam } from "../../lib/nn/mod.ts";
import { Random } from "../../lib/random/mod.ts";
import {
  captionBatch,
  disposeBatch,
  readCheckpoint,
  trainDecoder,
  type TrainingControl,
  type TrainingOptions,
  trainingSettings,
} from "../../lib/training/mod.ts";
import {
  mixedInputs,
  readableWords,
  samplingProbability,
} from "../../lib/training/scheduled_sampling.ts";
import { assert, assertAlmostEquals, assertEquals } from "../assert.ts";
import { madeCaptions } from "../models/made_captions.ts";

Deno.test("samplingProbability() rises from an epoch on up to its limit", () => {
  const settings = { startFromEpoch: 2, increase: 0.1, max: 0.25 };
  const found = [0, 1, 2, 3, 4, 9].map((epoch) => samplingProbability(settings, epoch));
  assertEquals(found, [0, 0, 0.1, 0.2, 0.25, 0.25]);
  assertEquals(samplingProbability(undefined, 9), 0);
});

const VOCABULARY = 23;
const set = madeCaptions(400);
const isReadable = readableWords(set.captions, VOCABULARY);

/** Predicts, whatever it reads, each word by these logits. */
function saying(logits: number[]): Pick<Decoder, "forward" | "head"> {
  return {
    forward: (_, { labels }) => tf.ones([labels.shape[0], 1]),
    head: () => ({ kernel: tf.tensor2d([logits]), bias: tf.zeros([VOCABULARY]) }),
  };
}

/** The inputs before and after, and which positions hold a word. */
function mixed(logits: number[], probability: number) {
  const { batch } = captionBatch(set, set.captions.map((_, i) => i));
  const read = mixedInputs(saying(logits), new Map(), batch, {
    probability,
    random: new Random(1, "test"),
    isReadable,
  });
  const [before, after] = [batch.inputs.arraySync(), read.arraySync()];
  disposeBatch(batch);
  read.dispose();
  return { before, after };
}

Deno.test("readableWords() are those between the markers", () => {
  assertEquals(isReadable.map(Number), [0, 0, 0, ...new Array(20).fill(1)]);
});

Deno.test("mixedInputs() replaces words, not the start and not padding, with the probability asked for, by words that may be read", async () => {
  await tf.setBackend("cpu");
  const before = tf.memory().numTensors;
  const logits = Array.from({ length: VOCABULARY }, (_, word): number => word < 3 ? 50 : -50);
  logits[7] = Math.log(3);
  logits[9] = 0;
  const counts: Record<number, number> = {};
  let words = 0;
  const { before: given, after } = mixed(logits, 0.4);
  for (const [t, row] of given.entries()) {
    for (const [i, word] of row.entries()) {
      if (t === 0 || word === 0) assertEquals(after[t][i], word);
      else words++;
      if (after[t][i] !== word) counts[after[t][i]] = (counts[after[t][i]] ?? 0) + 1;
    }
  }
  assertEquals(Object.keys(counts), ["7", "9"]);
  // A twentieth of the captions' own words are 7 or 9 each, so that these do not count as replaced.
  assertAlmostEquals((counts[7] + counts[9]) / words, 0.4 * 0.95, 0.04);
  assertAlmostEquals(counts[7] / (counts[7] + counts[9]), 0.75, 0.06);
  assertEquals(mixed(logits, 0.4).after, after);
  assertEquals(mixed(logits, 1e-9).after, given);
  assertEquals(tf.memory().numTensors, before);
});

/** 5 steps an epoch, the first epoch without samples. */
function options(changes: Partial<TrainingOptions> = {}, sampled = true): TrainingOptions {
  const scheduledSampling = { startFromEpoch: 1, increase: 0.5, max: 1 };
  return {
    decoder: createDecoder(
      modelSettings.parse({ kind: "merge", embedding: 3, units: 4, dense: 3 }),
      { vocabularySize: VOCABULARY, featureShape: [6] },
    ),
    settings: trainingSettings.parse({
      epochs: 3,
      batchSize: 4,
      ...sampled && { scheduledSampling },
    }),
    train: madeCaptions(20),
    optimizer: plainAdam,
    ...changes,
  };
}

Deno.test("trainDecoder() with scheduledSampling changes what is learned from its first epoch on, and resumes within it bit for bit", async () => {
  const path = join(await Deno.makeTempDir(), "within.safetensors");
  let control: TrainingControl;
  let epoch = 0;
  const losses: number[][] = [];
  const record = (kept: number[]) => ({
    name: "record",
    onTrainBegin: (given: TrainingControl) => void (control = given),
    onEpochBegin: (begun: number) => void (epoch = begun),
    async onStepEnd(step: number) {
      if (epoch === 1 && step === 2 && losses.length === 0) await control.saveCheckpoint(path);
    },
    onEpochEnd: (_: number, logs: Record<string, number>) => void kept.push(logs.loss),
  });
  const kept: number[] = [];
  const whole = await trainDecoder(options({ callbacks: [record(kept)] }));
  losses.push(kept);
  const plain: number[] = [];
  await trainDecoder(options({ callbacks: [record(plain)] }, false));
  assertEquals(plain[0], kept[0]);
  assert(plain[1] !== kept[1] && plain[2] !== kept[2], `${plain} and ${kept}`);
  const resumed = await trainDecoder(options({ from: readCheckpoint(path) }));
  assertEquals(resumed.weights, whole.weights);
  await Deno.remove(join(path, ".."), { recursive: true });
});
