import * as tf from "@tensorflow/tfjs";
import { join } from "node:path";
import { createDecoder, type Markers, modelSettings } from "../../lib/models/mod.ts";
import { Random } from "../../lib/random/mod.ts";
import {
  type Callback,
  captionBatch,
  captionReward,
  disposeBatch,
  readCheckpoint,
  selfCriticalSteps,
  trainDecoder,
  type TrainingControl,
  trainingSettings,
} from "../../lib/training/mod.ts";
import { SelfCritical } from "../../lib/training/callbacks/self_critical.ts";
import { gradientsOf } from "../../lib/training/gradients_of.ts";
import { policyGradient } from "../../lib/training/objectives/policy_gradient.ts";
import { advantages } from "../../lib/training/self_critical/advantages.ts";
import { sampleCaptions } from "../../lib/training/self_critical/sample_captions.ts";
import type { Weights } from "../../lib/nn/mod.ts";
import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertRejects,
  assertThrows,
} from "../assert.ts";
import { madeCaptions } from "../models/made_captions.ts";
import {
  ignoreTensorFlow as ignore,
  startTensorFlow,
  withoutLeak,
} from "../engine/tensorflow/tensorflow_backend.ts";

type Engine = Awaited<ReturnType<typeof startTensorFlow>>;

function test(name: string, criterion: (engine: Engine) => void | Promise<void>): void {
  Deno.test({
    name,
    ignore,
    async fn() {
      const engine = await startTensorFlow();
      await withoutLeak(engine.backend, () => criterion(engine));
    },
  });
}

function decoderOf({ fused }: Engine, vocabularySize: number, model: Record<string, unknown> = {}) {
  return createDecoder(
    modelSettings.parse(
      model.kind === "transformer"
        ? model
        : { kind: "merge", embedding: 5, units: 7, dense: 6, ...model },
    ),
    { vocabularySize, featureShape: [6] },
    fused,
  );
}

function tensorsOf(weights: Weights) {
  return new Map(
    [...weights].map(([name, { data, shape }]) => [name, tf.tensor(data, shape)]),
  );
}

/** 0 padding, 1 start, 2 end, 3 unknown. */
const markers: Markers = { start: 1, end: 2, padding: 0, forbidden: [0, 1, 3] };
const set = madeCaptions(10);

Deno.test("advantages() compare each reward with the mean of the others", () => {
  assertEquals(advantages([1, 2, 6]), [1 - 4, 2 - 3.5, 6 - 1.5]);
  assertEquals(advantages([3, 3]), [0, 0]);
});

Deno.test("captionReward() is CIDEr-D and smoothed BLEU-4, weighted, the end counted as a word", () => {
  const references = new Map([["p", [["a", "dog", "."]]], ["q", [["two", "cats", "."]]]]);
  const reward = (ciderWeight: number, bleuWeight: number) =>
    captionReward(references, { ciderWeight, bleuWeight });
  // Both n-grams' weights are ln 2 but the end's own, which both photos have: n = 1, 2, 3 agree
  // whole, and there is no n-gram of four words.
  assertAlmostEquals(reward(1, 0)(["a", "dog", "."], "p"), 10 * 3 / 4, 1e-9);
  // Without its end: of n = 1 all that weighs agrees, of n = 2 one of two, and it is a word shorter.
  const shorter = 10 / 4 * (1 + Math.SQRT1_2) * Math.exp(-1 / 72);
  assertAlmostEquals(reward(1, 0)(["a", "dog"], "p"), shorter, 1e-9);
  // Precisions 2/3, then (0 + 1) / (2 + 1), (0 + 1) / (1 + 1), and (0 + 1) / (1 + 1) for no 4-gram.
  const bleu = (2 / 3 * 1 / 3 * 1 / 2 * 1 / 2) ** (1 / 4);
  assertAlmostEquals(reward(0, 1)(["a", "cat", "."], "p"), bleu, 1e-9);
  const both = 2 * reward(1, 0)(["a", "cat", "."], "p") + 3 * bleu;
  assertAlmostEquals(reward(2, 3)(["a", "cat", "."], "p"), both, 1e-9);
  assertThrows(() => reward(1, 1)(["a"], "r"), RangeError, "Photo r has no references");
});

/** Every caption of at most two words, the end among them where it is reached. */
function allCaptions(words: number[]): number[][] {
  return [
    [2],
    ...words.flatMap((a) => [[a, 2], ...words.map((b) => [a, b])]),
  ];
}

const logProbabilities = (
  decoder: ReturnType<typeof decoderOf>,
  weights: ReadonlyMap<string, tf.Tensor>,
  captions: number[][],
) => {
  const drawn = {
    captions: captions.map((words) => Int32Array.of(1, ...words)),
    photos: captions.map(() => "photo0"),
    features: set.features,
  };
  const own = captions.map((_, i) => {
    const { batch } = captionBatch(drawn, [i]);
    const advantages = tf.tensor1d([1]);
    const loss = tf.tidy(() =>
      policyGradient(markers, false)(decoder, weights, { ...batch, advantages }).dataSync()[0]
    );
    disposeBatch({ ...batch, advantages });
    return -loss;
  });
  return own;
};

const models = [
  {},
  { kind: "init_inject" },
  { kind: "bilstm_dot", imageSteps: 3 },
  { kind: "transformer", width: 8, heads: 2, feedForward: 8 },
];
for (const model of models) {
  const kind = "kind" in model ? model.kind : "merge";
  test(`sampleCaptions() draws ${kind}'s captions by the probabilities that policyGradient() takes, which sum to 1`, (engine) => {
    const decoder = decoderOf(engine, 7, model);
    const weights = tensorsOf(decoder.initialWeights(1));
    const captions = allCaptions([4, 5, 6]);
    const logs = logProbabilities(decoder, weights, captions);
    assertAlmostEquals(logs.reduce((sum, log) => sum + Math.exp(log), 0), 1, 1e-5);
    const features = tf.tensor(set.features.gather(["photo0", "photo0"]), [2, 6]);
    const samples = 2000;
    const drawn = sampleCaptions(decoder, weights, features, markers, {
      samples,
      maxLength: 2,
      random: (photo, sample) => new Random(1, photo, sample),
    }).flat().map(String);
    tf.dispose([features, ...weights.values()]);
    for (const [i, caption] of captions.entries()) {
      const share = drawn.filter((words) => words === String(caption)).length / drawn.length;
      const p = Math.exp(logs[i]);
      const error = Math.abs(share - p) / Math.sqrt(p * (1 - p) / drawn.length);
      assert(error < 4, `${caption}: ${share}, not ${p}: ${error} standard deviations`);
    }
    assertEquals(drawn.filter((words) => !captions.map(String).includes(words)), []);
  });
}

test("the expected gradient of a self-critical step is that of the expected reward, by finite differences", (engine) => {
  const decoder = decoderOf(engine, 6);
  const initial = decoder.initialWeights(1);
  const captions = allCaptions([4, 5]);
  const rewards = captions.map((_, i) => Math.sin(3 * i));
  const expectedReward = (given: Weights) => {
    const weights = tensorsOf(given);
    const logs = logProbabilities(decoder, weights, captions);
    tf.dispose([...weights.values()]);
    return logs.reduce((sum, log, i) => sum + Math.exp(log) * rewards[i], 0);
  };
  // Over all pairs of samples: p(a) p(b) of the step's gradient for them.
  const weights = tensorsOf(initial);
  const p = logProbabilities(decoder, weights, captions).map(Math.exp);
  const pairs = captions.flatMap((_, a) => captions.map((_, b) => [a, b]));
  const drawn = {
    captions: pairs.flat().map((i) => Int32Array.of(1, ...captions[i])),
    photos: pairs.flat().map(() => "photo0"),
    features: set.features,
  };
  const indices = [...drawn.captions.keys()];
  const of = pairs.flatMap(([a, b]) =>
    advantages([rewards[a], rewards[b]]).map((advantage) => p[a] * p[b] * advantage * pairs.length)
  );
  const { sums } = gradientsOf(decoder, weights, {
    words: 1,
    parts: [{
      words: 1,
      share: 1,
      path: [],
      read: () => ({ ...captionBatch(drawn, indices).batch, advantages: tf.tensor1d(of) }),
    }],
  }, { objective: policyGradient(markers, false), random: () => new Random(1) });
  for (const [name, { data, shape }] of initial) {
    const gradient = sums.get(name)!.dataSync();
    const size = Math.max(...gradient.map(Math.abs), 1e-3);
    const random = new Random(2, name);
    for (let n = 0; n < 2; n++) {
      const k = random.integer(0, data.length);
      const [up, down] = [0.02, -0.02].map((change) => {
        const moved = data.slice();
        moved[k] += change;
        return expectedReward(new Map([...initial, [name, { data: moved, shape }]]));
      });
      const error = Math.abs(-(up - down) / 0.04 - gradient[k]) / size;
      assert(error < 0.02, `${name}[${k}]: off by ${error}`);
    }
  }
  const bias = sums.get("output/bias")!.dataSync();
  assertEquals([0, 1, 3].map((word) => bias[word]), [0, 0, 0]); // never said, never learned from
  tf.dispose([...weights.values(), ...sums.values()]);
});

/** Rewards captions by how many of their words are even, as a share. */
const evenWords = (words: readonly number[]) =>
  words.filter((word) => word > 3 && word % 2 === 0).length / words.length;

function options(engine: Engine, settings: Record<string, unknown> = {}, model = {}) {
  const decoder = decoderOf(engine, 23, model);
  const parsed = trainingSettings.parse({
    epochs: 3,
    learningRate: 0.02,
    from: "other",
    selfCritical: { photos: 4, samples: 4, maxLength: 6 },
    ...settings,
  });
  const reward = (words: readonly number[]) => evenWords(words);
  const steps = selfCriticalSteps({ set, decoder, markers, reward }, parsed);
  return { decoder, settings: parsed, train: set, steps, optimizer: engine.optimizer };
}

const numbers = (weights: Weights) => [...weights].map(([name, { data }]) => [name, ...data]);

/** A callback that keeps what an epoch reports. */
function recorder() {
  const epochs: Record<string, number>[] = [];
  const callback: Callback = {
    name: "recorder",
    onEpochEnd: (_, logs) => void epochs.push({ ...logs }),
  };
  return { epochs, callback };
}

test("trainDecoder() by selfCriticalSteps() raises the reward, which every epoch reports", async (engine) => {
  const { epochs, callback } = recorder();
  await trainDecoder({
    ...options(engine, { epochs: 12 }),
    dev: set,
    callbacks: [new SelfCritical(), callback],
  });
  const [first, last] = [epochs[0].reward, epochs.at(-1)!.reward];
  assert(first > 0 && last > first + 0.15, `${first} → ${last}`);
  assert(epochs.every(({ distinct, val_loss }) => distinct > 0 && distinct <= 1 && val_loss > 0));
});

for (const [epoch, step] of [[0, 1], [1, 2]]) {
  test(`self-critical training resumed after step ${step} of epoch ${epoch} does what an undisturbed one does, bit for bit`, async (engine) => {
    const folder = await Deno.makeTempDir();
    try {
      const path = join(folder, "within.safetensors");
      const settings = {
        epochs: 2,
        maxActivations: 2000,
        selfCritical: { photos: 4, samples: 3, maxLength: 6, dropout: true },
      };
      let at = -1;
      let control: TrainingControl | undefined;
      const save: Callback = {
        name: "save",
        onTrainBegin: (given) => void (control = given),
        onEpochBegin: (begun) => void (at = begun),
        onStepEnd: async (done) => {
          if (at === epoch && done === step) await control!.saveCheckpoint(path);
        },
      };
      const undisturbed = recorder();
      const whole = await trainDecoder({
        ...options(engine, settings),
        callbacks: [new SelfCritical(), undisturbed.callback, save],
      });
      const again = recorder();
      const resumed = await trainDecoder({
        ...options(engine, settings),
        callbacks: [new SelfCritical(), again.callback],
        from: readCheckpoint(path),
      });
      assertEquals(numbers(resumed.weights), numbers(whole.weights));
      assertEquals(again.epochs, undisturbed.epochs.slice(epoch));
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
}

test("selfCriticalSteps() sees each photo once an epoch, and two ranks share what one does", (engine) => {
  const { decoder, steps: { source } } = options(engine, { maxActivations: 1000 });
  const weights = tensorsOf(decoder.initialWeights(1));
  const seen: number[] = [];
  for (let step = 0; step < source.steps(1); step++) {
    const [one, ...two] = [[0, 1], [0, 2], [1, 2]].map(([rank, ranks]) =>
      source.batch(1, step, rank, ranks, weights)
    );
    const labels = ({ parts }: typeof one) =>
      parts.flatMap((part) => {
        const batch = part.read();
        seen.push(...parts === one.parts ? [batch.captions] : []);
        const found = [...batch.labels.dataSync()];
        disposeBatch(batch);
        return found;
      }).sort();
    const whole = labels(one);
    assertEquals(two.flatMap(labels).sort(), whole);
    const shares = (batches: typeof two) =>
      batches.flatMap(({ parts }) => parts.map(({ share }) => share!)).reduce((a, b) => a + b, 0);
    assertAlmostEquals(shares([one]), 1, 1e-12);
    assertAlmostEquals(shares(two), 1, 1e-12);
  }
  assertEquals(seen.reduce((a, b) => a + b, 0), 10 * 4);
  tf.dispose([...weights.values()]);
});

test("selfCriticalSteps() with flipPhotos samples and learns from the same mirror images, other ones in every epoch", (engine) => {
  const asked: string[][] = [];
  const features = {
    ...set.features,
    gather(digests: string[]) {
      asked.push(digests.toSorted());
      return set.features.gather(digests.map((digest) => digest.replace("-flipped", "")));
    },
  };
  const flipped = (digest: string) => `${digest}-flipped`;
  const { decoder, settings: asTaken } = options(engine);
  const settings = { ...asTaken, flipPhotos: true };
  const inputs = { decoder, markers, reward: evenWords };
  const { source } = selfCriticalSteps({ set: { ...set, features, flipped }, ...inputs }, settings);
  const weights = tensorsOf(decoder.initialWeights(1));
  const epochs = [0, 1].map((epoch) => {
    const seen: string[] = [];
    for (let step = 0; step < source.steps(epoch); step++) {
      asked.length = 0;
      for (const { read } of source.batch(epoch, step, 0, 1, weights).parts) disposeBatch(read());
      const [sampled, ...learned] = asked;
      assertEquals(learned, [sampled]);
      seen.push(...sampled);
    }
    assertEquals(new Set(seen.map((digest) => digest.replace("-flipped", ""))).size, 10);
    const mirrored = seen.filter((digest) => digest.endsWith("-flipped"));
    assert(mirrored.length > 0 && mirrored.length < 10, `${mirrored.length} of 10`);
    return mirrored.toSorted();
  });
  assert(String(epochs[0]) !== String(epochs[1]), "the same photos are mirrored in both epochs");
  tf.dispose([...weights.values()]);
  assertThrows(
    () => selfCriticalSteps({ set, ...inputs }, settings),
    RangeError,
    "the features have none of flipped photos",
  );
});

Deno.test("SelfCritical warns once where the samples collapse", () => {
  const lines: string[] = [];
  const callback = new SelfCritical();
  callback.onTrainBegin({ say: (line: string) => void lines.push(line) } as TrainingControl);
  for (const [epoch, distinct] of [0.9, 0.6, 0.4, 0.3].entries()) {
    callback.onStepEnd(0, { reward: 1, distinct });
    callback.onStepEnd(1, { reward: 2, distinct });
    const logs: Record<string, number> = {};
    callback.onEpochEnd(epoch, logs);
    assertEquals(logs, { reward: 1.5, distinct });
  }
  assertEquals(lines.length, 1);
  assert(lines[0].includes("in epoch 3 only 40 % are distinct, in the first epoch it was 90 %"));
});

test("trainDecoder() refuses self-critical settings without steps", async (engine) => {
  const { steps: _, ...others } = options(engine);
  await assertRejects(() => trainDecoder(others), RangeError, "needs steps");
});

Deno.test("trainingSettings refuse selfCritical from scratch, and what it has no use for", () => {
  const selfCritical = {};
  for (
    const [settings, message] of [
      [{ selfCritical }, "name one by training.from"],
      [{ selfCritical, from: "a", labelSmoothing: 0.1 }, "no labels to smooth"],
      [{ selfCritical, from: "a", epochWords: "photos" }, "each photo once"],
      [{ selfCritical: { ciderWeight: 0, bleuWeight: 0 }, from: "a" }, "set one above 0"],
      [{ selfCritical: { samples: 1 }, from: "a" }, "2"],
    ] as const
  ) {
    const { success, error } = trainingSettings.safeParse(settings);
    assert(!success && JSON.stringify(error.issues).includes(message), message);
  }
});
