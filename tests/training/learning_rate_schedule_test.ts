import { join } from "node:path";
import { createDecoder, modelSettings } from "../../lib/models/mod.ts";
import {
  type LearningRateSchedule,
  rateFactor,
} from "../../lib/training/learning_rate_schedule.ts";
import { ReduceLROnPlateau } from "../../lib/training/callbacks/reduce_lr_on_plateau.ts";
import { plainAdam } from "../../lib/nn/mod.ts";
import {
  type Logs,
  readCheckpoint,
  trainDecoder,
  type TrainingControl,
  type TrainingOptions,
  trainingSettings,
} from "../../lib/training/mod.ts";
import { loadConfig } from "../../lib/config/mod.ts";
import { assertAlmostEquals, assertEquals, assertRejects, assertThrows } from "../assert.ts";
import { madeCaptions } from "../models/made_captions.ts";

const factors: [string, LearningRateSchedule, [epoch: number, step: number, factor: number][]][] = [
  ["no schedule", undefined, [[0, 0, 1], [9, 99, 1]]],
  ["constant", { kind: "constant", warmupSteps: 0 }, [[0, 0, 1], [3, 33, 1]]],
  ["a warm-up of 4 steps", { kind: "constant", warmupSteps: 4 }, [
    [0, 0, 0.25],
    [0, 2, 0.75],
    [0, 3, 1],
    [0, 4, 1],
    [3, 33, 1],
  ]],
  ["exponential", { kind: "exponential", warmupSteps: 2, decay: 0.8 }, [
    [0, 0, 0.5],
    [0, 1, 1],
    [0, 9, 1],
    [1, 10, 0.8],
    [3, 39, 0.512],
  ]],
  // 20 steps, 4 of warm-up, so that a half period takes 16.
  ["cosine", { kind: "cosine", warmupSteps: 4, epochs: 2, final: 0.2 }, [
    [0, 0, 0.25],
    [0, 4, 1],
    [0, 8, 0.2 + 0.8 * (1 + Math.SQRT1_2) / 2],
    [1, 12, 0.6],
    [1, 16, 0.2 + 0.8 * (1 - Math.SQRT1_2) / 2],
    [2, 20, 0.2],
    [7, 77, 0.2],
  ]],
];

for (const [name, schedule, expected] of factors) {
  Deno.test(`rateFactor(): ${name} at 10 steps an epoch`, () => {
    const factor = rateFactor(schedule, 10);
    for (const [epoch, step, value] of expected) {
      assertAlmostEquals(factor(epoch, step), value, 1e-12);
    }
  });
}

Deno.test("rateFactor() refuses a cosine that ends within its warm-up", () => {
  assertThrows(
    () => rateFactor({ kind: "cosine", warmupSteps: 20, epochs: 2, final: 0 }, 10),
    RangeError,
    "training.learningRateSchedule.warmupSteps is 20, but its 2 epochs have 20 steps",
  );
});

Deno.test("A config whose cosine ends at 0 before the training does is refused", async () => {
  const load = (...overrides: string[]) =>
    loadConfig({
      overrides: [
        ...['training.learningRateSchedule={"kind": "cosine", "epochs": 4}', ...overrides],
      ],
    });
  await assertRejects(
    () => load("training.epochs=5"),
    Error,
    '"training.learningRateSchedule.epochs" is 4: the rate is 0 after them, but training.epochs ' +
      "is 5",
  );
  const { training } = await load("training.epochs=4");
  assertEquals(training.learningRateSchedule, {
    kind: "cosine",
    warmupSteps: 0,
    epochs: 4,
    final: 0,
  });
  await load("training.epochs=5", "training.learningRateSchedule.final=0.1");
});

/** 5 steps an epoch, on plain TF.js. */
function options(changes: Partial<TrainingOptions>): TrainingOptions {
  return {
    decoder: createDecoder(
      modelSettings.parse({ kind: "merge", embedding: 3, units: 4, dense: 3 }),
      { vocabularySize: 23, featureShape: [6] },
    ),
    settings: trainingSettings.parse({
      epochs: 4,
      batchSize: 4,
      learningRate: 0.1,
      learningRateSchedule: { kind: "exponential", warmupSteps: 3, decay: 0.5 },
    }),
    train: madeCaptions(20),
    optimizer: plainAdam,
    ...changes,
  };
}

Deno.test("trainDecoder() steps by the schedule and reports its rate; a plateau lowers what it multiplies", async () => {
  const rates: number[] = [];
  const logged: number[] = [];
  await trainDecoder(options({
    optimizer: (weights, settings) => {
      const adam = plainAdam(weights, settings);
      const apply = adam.apply.bind(adam);
      adam.apply = (gradients, rate) => {
        rates.push(rate);
        apply(gradients, rate);
      };
      return adam;
    },
    callbacks: [
      { name: "flat", onEpochEnd: (_, logs: Logs) => void (logs.flat = 1) },
      new ReduceLROnPlateau({ monitor: "flat", mode: "min", patience: 2, factor: 0.1 }),
      { name: "log", onEpochEnd: (_, { learning_rate }) => void logged.push(learning_rate) },
    ],
  }));
  const expected = [0.1 / 3, 0.2 / 3, 0.1, 0.1, 0.1, ...Array(5).fill(0.05)];
  expected.push(...Array(5).fill(0.025), ...Array(5).fill(0.00125)); // reduced after the third epoch
  assertEquals(rates.map((rate) => rate.toFixed(9)), expected.map((rate) => rate.toFixed(9)));
  assertEquals(logged.map((rate) => Number(rate.toFixed(9))), [0.1, 0.05, 0.025, 0.00125]);
});

Deno.test("trainDecoder() resumed within a warm-up and within a cosine does what an undisturbed one does", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const settings = trainingSettings.parse({
      epochs: 3,
      batchSize: 4,
      learningRateSchedule: { kind: "cosine", warmupSteps: 4, epochs: 3 },
    });
    for (const [epoch, step] of [[0, 1], [1, 2], [2, 4]]) {
      const path = join(folder, `${epoch}-${step}.safetensors`);
      let control: TrainingControl;
      let current = 0;
      const whole = await trainDecoder(options({
        settings,
        callbacks: [{
          name: "save",
          onTrainBegin: (given) => void (control = given),
          onEpochBegin: (epoch) => void (current = epoch),
          onStepEnd: async (at) => {
            if (current === epoch && at === step) await control.saveCheckpoint(path);
          },
        }],
      }));
      const resumed = await trainDecoder(options({ settings, from: readCheckpoint(path) }));
      assertEquals(resumed.weights, whole.weights);
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
