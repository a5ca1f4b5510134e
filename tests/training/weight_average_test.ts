import * as tf from "@tensorflow/tfjs";
import { join } from "node:path";
import { loadConfig } from "../../lib/config/mod.ts";
import { createDecoder, modelSettings } from "../../lib/models/mod.ts";
import type { Weights } from "../../lib/nn/mod.ts";
import {
  type Callback,
  type Checkpoint,
  type Logs,
  readCheckpoint,
  readCheckpointWeights,
  trainDecoder,
  type TrainingControl,
  type TrainingOptions,
  trainingSettings,
  validationLoss,
} from "../../lib/training/mod.ts";
import { WeightAverage, type WeightAveraging } from "../../lib/training/weight_average.ts";
import { assert, assertAlmostEquals, assertEquals, assertRejects } from "../assert.ts";
import { madeCaptions } from "../models/made_captions.ts";
import {
  ignoreTensorFlow as ignore,
  startTensorFlow,
  withoutLeak,
} from "../engine/tensorflow/tensorflow_backend.ts";

type Engine = Awaited<ReturnType<typeof startTensorFlow>>;

function test(name: string, criterion: (engine: Engine, folder: string) => Promise<void>): void {
  Deno.test({
    name,
    ignore,
    async fn() {
      const engine = await startTensorFlow();
      const folder = await Deno.makeTempDir();
      try {
        await withoutLeak(engine.backend, () => criterion(engine, folder));
      } finally {
        await Deno.remove(folder, { recursive: true });
      }
    },
  });
}

/** An optimizer of one weight that is set by hand. */
function byHand(value: number) {
  const hand = { value, read: () => new Map([["w", tf.tensor1d([hand.value])]]) };
  return hand;
}

const numberIn = (weights: Weights | undefined) => weights?.get("w")?.data[0];

test("WeightAverage, exponential, keeps (1 + t) / (10 + t) of itself, at most its decay", () => {
  const hand = byHand(1);
  using average = new WeightAverage({ kind: "exponential", decay: 0.5 }, hand);
  assertEquals(numberIn(average.weights()), 1);
  hand.value = 2;
  average.afterStep(1); // keeps 2/11
  assertAlmostEquals(numberIn(average.weights())!, 2 / 11 + 2 * 9 / 11, 1e-6);
  average.afterEpoch(0);
  hand.value = 0;
  average.afterStep(100); // keeps .5
  assertAlmostEquals(numberIn(average.weights())!, 10 / 11, 1e-6);
  return Promise.resolve();
});

test("WeightAverage, exponential, keeps its decay of weights that were trained before", () => {
  const hand = byHand(1);
  const settings = { kind: "exponential", decay: 0.75 } as const;
  using average = new WeightAverage(settings, hand, { startsTrained: true });
  hand.value = 0;
  for (let step = 1; step <= 4; step++) average.afterStep(step);
  assertAlmostEquals(numberIn(average.weights())!, 0.75 ** 4, 1e-6);
  return Promise.resolve();
});

test("WeightAverage, epochs, is the mean over the ends of epochs from one on", () => {
  const hand = byHand(7);
  using average = new WeightAverage({ kind: "epochs", startFromEpoch: 1 }, hand);
  const found = [7, 3, 6, 0].map((value, epoch) => {
    hand.value = value;
    average.afterStep(epoch);
    average.afterEpoch(epoch);
    return numberIn(average.weights());
  });
  assertEquals(found, [undefined, 3, 4.5, 3]);
  return Promise.resolve();
});

const dev = madeCaptions(7, { seed: 6 });

/** 5 steps an epoch. */
function options(
  { fused, optimizer }: Engine,
  weightAveraging: WeightAveraging,
  changes: Partial<TrainingOptions>,
): TrainingOptions {
  return {
    decoder: createDecoder(
      modelSettings.parse({ kind: "merge", embedding: 5, units: 7, dense: 4 }),
      { vocabularySize: 23, featureShape: [6] },
      fused,
    ),
    settings: trainingSettings.parse({
      epochs: 4,
      batchSize: 4,
      learningRate: 0.02,
      weightAveraging,
    }),
    train: madeCaptions(20),
    dev,
    optimizer,
    ...changes,
  };
}

test(
  "trainDecoder() that starts from a run keeps more of its weights in the average",
  async (engine, folder) => {
    const average = { kind: "exponential", decay: 0.999 } as const;
    const { decoder, settings } = options(engine, average, {});
    const start = decoder.initialWeights(settings.seed);
    const wayOf = async (from?: string) => {
      const { weights } = await trainDecoder(options(engine, average, {
        settings: { ...settings, from },
        initialWeights: start,
      }));
      return [...weights].reduce((sum, [name, { data }]) => {
        const before = start.get(name)!.data;
        return sum + data.reduce((sum, x, i) => sum + Math.abs(x - before[i]), 0);
      }, 0);
    };
    assert(await wayOf(folder) < 0.5 * await wayOf());
  },
);

/** Keeps a checkpoint of every epoch's end and of one step, and the logs. */
function saving(folder: string, at: { epoch: number; step: number }) {
  let control: TrainingControl;
  let current = 0;
  const logs: Logs[] = [];
  const within = join(folder, "within.safetensors");
  const callback: Callback = {
    name: "save",
    onTrainBegin: (given) => void (control = given),
    onEpochBegin: (epoch) => void (current = epoch),
    async onStepEnd(step) {
      if (current === at.epoch && step === at.step) await control.saveCheckpoint(within);
    },
    async onEpochEnd(epoch, given) {
      logs.push(given);
      await control.saveCheckpoint(join(folder, `${epoch}.safetensors`));
    },
  };
  const ends = (): Checkpoint[] =>
    logs.map((_, epoch) => readCheckpoint(join(folder, `${epoch}.safetensors`)));
  return { callback, logs, within, ends };
}

test(
  "trainDecoder() with the mean over epochs validates it, keeps it and gives it",
  async (engine, folder) => {
    const { callback, logs, ends } = saving(folder, { epoch: -1, step: 0 });
    const given = options(engine, { kind: "epochs", startFromEpoch: 1 }, { callbacks: [callback] });
    const { weights } = await trainDecoder(given);
    const [first, second, third, fourth] = ends();
    assertEquals(first.trained, undefined);
    assertEquals(second.weights, second.trained);
    for (const [name, { data }] of fourth.weights) {
      for (const [i, number] of data.entries()) {
        const all = [second, third, fourth].map(({ trained }) => trained!.get(name)!.data[i]);
        assertAlmostEquals(number, all.reduce((sum, x) => sum + x) / 3, 1e-6);
      }
    }
    assertEquals(weights, fourth.weights);
    assertEquals(readCheckpointWeights(join(folder, "3.safetensors")).weights, fourth.weights);
    const lossOf = (weights: Weights) =>
      validationLoss(
        given.decoder,
        {
          read: () =>
            new Map([...weights].map(([name, { data, shape }]) => [name, tf.tensor(data, shape)])),
        },
        dev,
        given.settings,
      );
    assertEquals(logs[3].val_loss, await lossOf(fourth.weights));
    assert(logs[3].val_loss !== await lossOf(fourth.trained!));
  },
);

const kinds: NonNullable<WeightAveraging>[] = [
  { kind: "exponential", decay: 0.9 },
  { kind: "epochs", startFromEpoch: 1 },
];

for (const averaging of kinds) {
  test(
    `trainDecoder() with weightAveraging ${averaging.kind} resumed within an epoch ends where an undisturbed one does, and moves the same weights as one without`,
    async (engine, folder) => {
      const { callback, within, ends } = saving(folder, { epoch: 2, step: 2 });
      const whole = await trainDecoder(options(engine, averaging, { callbacks: [callback] }));
      const from = readCheckpoint(within);
      assert(from.trained !== undefined);
      assertEquals(
        (await trainDecoder(options(engine, averaging, { from }))).weights,
        whole.weights,
      );
      const without = await trainDecoder(options(engine, undefined, {}));
      assertEquals(without.weights, ends()[3].trained);
    },
  );
}

Deno.test("A config whose mean over epochs begins after the last one is refused", async () => {
  await assertRejects(
    () =>
      loadConfig({
        overrides: [
          'training.weightAveraging={"kind": "epochs", "startFromEpoch": 5}',
          "training.epochs=5",
        ],
      }),
    Error,
    '"training.weightAveraging.startFromEpoch" is 5: training.epochs is 5, so that nothing would be ' +
      "averaged",
  );
});
