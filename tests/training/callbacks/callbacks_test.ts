import { createCallbacks } from "../../../lib/training/callbacks/mod.ts";
import { EarlyStopping } from "../../../lib/training/callbacks/early_stopping.ts";
import { ModelCheckpoint } from "../../../lib/training/callbacks/model_checkpoint.ts";
import { ReduceLROnPlateau } from "../../../lib/training/callbacks/reduce_lr_on_plateau.ts";
import { TerminateOnNaN } from "../../../lib/training/callbacks/terminate_on_nan.ts";
import { callbackSettings } from "../../../lib/training/callbacks/registry.ts";
import { assert, assertEquals, assertRejects, assertThrows } from "../../assert.ts";
import { granted } from "../../permissions.ts";
import { FakeTraining, kept } from "./fake_training.ts";
import { z } from "zod";

const pathsIn = (folder: string) => ({
  bestPath: `${folder}/best.safetensors`,
  lastPath: `${folder}/last.safetensors`,
});

Deno.test("EarlyStopping names the figures there are where its own is missing", async () => {
  const training = new FakeTraining([new EarlyStopping({ monitor: "val_bleu-4" })]);
  const error = await assertRejects(() => training.run([{ loss: 2, val_loss: 3 }]), RangeError);
  assertEquals(
    error.message,
    'EarlyStopping monitors "val_bleu-4", which epoch 1 did not report; it reported: loss, val_loss',
  );
});

Deno.test("ReduceLROnPlateau refuses a monitored NaN and names the epoch", async () => {
  const training = new FakeTraining([new ReduceLROnPlateau()]);
  await assertRejects(() => training.run([{ val_loss: NaN }]), RangeError, "end of epoch 1");
});

Deno.test("mode auto: losses fall, BLEU rises, an unknown name is refused", async () => {
  const better = async (monitor: string, first: number, second: number) => {
    const training = new FakeTraining([new EarlyStopping({ monitor, patience: 0 })]);
    await training.run([{ [monitor]: first }, { [monitor]: second }]);
    return training.stopped === null;
  };
  assert(await better("val_loss", 2, 1));
  assert(!(await better("val_loss", 1, 2)));
  assert(await better("val_bleu-4", 1, 2));
  assert(!(await better("val_bleu-4", 2, 1)));
  assert(await better("perplexity", 2, 1));
  assertThrows(() => new EarlyStopping({ monitor: "val_lossy" }), RangeError, '"max" or "min"');
});

Deno.test("EarlyStopping restores the best weights when training simply ends", async () => {
  const stopping = new EarlyStopping({ patience: 9, restoreBestWeights: true });
  const training = await new FakeTraining([stopping]).run([3, 1, 2].map((v) => ({ val_loss: v })));
  assertEquals(training.stopped, null);
  assertEquals(training.weights, 1);
});

Deno.test("EarlyStopping that had stopped stops a training that is resumed, at once", async () => {
  const stopping = new EarlyStopping({ patience: 1 });
  await new FakeTraining([stopping]).run([1, 2, 2].map((v) => ({ val_loss: v })));
  const again = new EarlyStopping({ patience: 1 });
  const states = { EarlyStopping: kept(stopping.state()) };
  const training = await new FakeTraining([again]).run([{ val_loss: 0 }], 3, states);
  assertEquals(training.rates.length, 0);
});

Deno.test("EarlyStopping without the best weights says so and restores nothing", async () => {
  const stopping = new EarlyStopping({ patience: 5, restoreBestWeights: true });
  const json = { wait: 0, best: 1, bestEpoch: 0, stoppedEpoch: null };
  const training = await new FakeTraining([stopping])
    .run([{ val_loss: 2 }], 1, { EarlyStopping: { json } });
  assertEquals(training.weights, 1);
  assert(training.said.some((line) => line.includes("could not restore the weights of epoch 1")));
});

Deno.test("TerminateOnNaN throws at the step, or stops where told to", async () => {
  const first = new FakeTraining([new TerminateOnNaN()]);
  const error = await assertRejects(() => first.run([{ loss: 1 }, { loss: Infinity }]), RangeError);
  assert(error.message.includes("the loss became Infinity at step 1 of epoch 2"), error.message);
  const second = new FakeTraining([new TerminateOnNaN({ raiseError: false })]);
  await second.run([{ loss: 1 }, { loss: NaN }, { loss: 1 }]);
  assertEquals(second.stopped, 1);
});

Deno.test({
  name: "ModelCheckpoint writes best before last, and a worse epoch only as last",
  ignore: !granted("read", "write"),
  fn: async () => {
    const folder = await Deno.makeTempDir();
    const checkpoint = new ModelCheckpoint(pathsIn(`${folder}/a/b`));
    const training = await new FakeTraining([checkpoint])
      .run([2, 3, 1].map((value) => ({ val_loss: value })));
    assertEquals(
      training.saved.map(({ epoch, name }) => `${epoch} ${name}`),
      [
        "0 best.safetensors",
        "0 last.safetensors",
        "1 last.safetensors",
        "2 best.safetensors",
        "2 last.safetensors",
      ],
    );
    assertEquals(training.saved[3].states.ModelCheckpoint, { json: { best: 1, bestEpoch: 2 } });
    await Deno.remove(folder, { recursive: true });
  },
});

Deno.test({
  name: "ModelCheckpoint of a resumed training does not replace its best by a worse epoch",
  ignore: !granted("read", "write"),
  fn: async () => {
    const folder = await Deno.makeTempDir();
    const checkpoint = new ModelCheckpoint(pathsIn(folder));
    const json = { best: 1, bestEpoch: 4 };
    const training = await new FakeTraining([checkpoint])
      .run([{ val_loss: 1.5 }], 5, { ModelCheckpoint: { json } });
    assertEquals(training.saved.map(({ name }) => name), ["last.safetensors"]);
    assertEquals(checkpoint.bestEpoch, 4);
    await Deno.remove(folder, { recursive: true });
  },
});

Deno.test({
  name: "ModelCheckpoint used again by a training from scratch starts without a best",
  ignore: !granted("read", "write"),
  fn: async () => {
    const folder = await Deno.makeTempDir();
    const checkpoint = new ModelCheckpoint(pathsIn(folder));
    await new FakeTraining([checkpoint]).run([{ val_loss: 1 }]);
    const again = await new FakeTraining([checkpoint]).run([{ val_loss: 2 }]);
    assertEquals(again.saved.map(({ name }) => name), ["best.safetensors", "last.safetensors"]);
    assertEquals(checkpoint.best, 2);
    await Deno.remove(folder, { recursive: true });
  },
});

Deno.test({
  name: "ModelCheckpoint keeps its old best where the new one could not be written",
  ignore: !granted("read", "write"),
  fn: async () => {
    const folder = await Deno.makeTempDir();
    const checkpoint = new ModelCheckpoint(pathsIn(folder));
    const training = new FakeTraining([checkpoint]);
    training.saveCheckpoint = () => Promise.reject(new Error("the disk is full"));
    await assertRejects(() => training.run([{ val_loss: 1 }]), Error, "the disk is full");
    assertEquals(checkpoint.best, null);
    await Deno.remove(folder, { recursive: true });
  },
});

Deno.test("createCallbacks() calls own ones first and the checkpoint last", () => {
  const settings = z.strictObject(callbackSettings).parse({
    earlyStopping: {},
    reduceLearningRate: { factor: 0.2 },
    tensorBoard: true,
  });
  const paths = { history: "h", best: "b", last: "l", tensorBoard: "t" };
  assertEquals(
    createCallbacks(settings, paths, { own: [{ name: "Mine" }] }).map(({ name }) => name),
    [
      "Mine",
      "TerminateOnNaN",
      "ReduceLROnPlateau",
      "EarlyStopping",
      "History",
      "TensorBoard",
      "ModelCheckpoint",
    ],
  );
  const plain = createCallbacks(z.strictObject(callbackSettings).parse({}), paths);
  assertEquals(plain.map(({ name }) => name), ["TerminateOnNaN", "History", "ModelCheckpoint"]);
});

const callbacksOf = (
  settings: Record<string, unknown>,
  options: Parameters<typeof createCallbacks>[2] = {},
) =>
  createCallbacks(
    z.strictObject(callbackSettings).parse(settings),
    { history: "h", best: "b", last: "l", tensorBoard: "t" },
    options,
  );

for (const name of ["checkpoint", "earlyStopping", "reduceLearningRate"]) {
  Deno.test(`createCallbacks() refuses a ${name}.monitor that no epoch reports, naming what is reported`, () => {
    for (const monitor of ["val_accuracy", "accuracy", "bleu4", "acc", "VAL_LOSS", "nonsense"]) {
      for (const mode of ["auto", "max"]) {
        const error = assertThrows(
          () => callbacksOf({ [name]: { monitor, mode } }),
          RangeError,
          `training.${name}.monitor is "${monitor}", which no epoch reports: set it to one of loss`,
        );
        assert(error.message.includes("loss, val_loss"), error.message);
      }
    }
    callbacksOf({ [name]: { monitor: "loss" } });
  });
}

Deno.test("createCallbacks(): the learning rate may be monitored after what reports it", () => {
  const monitor = { monitor: "learning_rate", mode: "min" };
  callbacksOf({ checkpoint: monitor }); // History comes before
  callbacksOf({ earlyStopping: monitor, reduceLearningRate: {} });
  assertThrows(() => callbacksOf({ earlyStopping: monitor }), RangeError, "one of loss, val_loss");
});

Deno.test("createCallbacks(): own callbacks report what they name, or anything if they name nothing", () => {
  const checkpoint = { monitor: "val_bleu-4" };
  const onEpochEnd = () => {};
  callbacksOf({ checkpoint }, { own: [{ name: "Bleu", reports: ["val_bleu-4"], onEpochEnd }] });
  callbacksOf({ checkpoint }, { own: [{ name: "Bleu", onEpochEnd }] });
  for (const own of [{ name: "Idle" }, { name: "Other", reports: ["val_bleu-1"], onEpochEnd }]) {
    assertThrows(() => callbacksOf({ checkpoint }, { own: [own] }), RangeError, "val_bleu-4");
  }
});

Deno.test("createCallbacks() without dev photos watches loss where val_loss was asked for, and says so", async () => {
  const said: string[] = [];
  const say = (line: string) => void said.push(line);
  const settings = { earlyStopping: { patience: 0 }, reduceLearningRate: { monitor: "loss" } };
  const all = callbacksOf(settings, { hasDev: false, say });
  assertEquals(said, [
    "There are no dev photos, so no val_loss: watching loss instead (earlyStopping, checkpoint)",
  ]);
  const stopping = all.find(({ name }) => name === "EarlyStopping")!;
  const training = await new FakeTraining([stopping]).run([{ loss: 1 }, { loss: 2 }]);
  assertEquals(training.stopped, 1);
  callbacksOf(settings, { say });
  assertEquals(said.length, 1);
});

Deno.test("callbackSettings refuses a factor of 1 and an unknown key", () => {
  const schema = z.strictObject(callbackSettings);
  assert(!schema.safeParse({ reduceLearningRate: { factor: 1 } }).success);
  assert(!schema.safeParse({ earlyStopping: { patient: 1 } }).success);
  assertThrows(() => new ReduceLROnPlateau({ factor: 1 }), RangeError, "(0, 1)");
});

Deno.test("createCallbacks(): dev scores of every epoch may be monitored, others may not", () => {
  const scorer = () => Promise.resolve({ "bleu-4": 0.1, "cider-d": 0.5 });
  const checkpoint = { monitor: "val_cider-d" };
  const names = callbacksOf({ devScores: {}, checkpoint }, { scorer }).map(({ name }) => name);
  assertEquals(names.slice(0, 2), ["TerminateOnNaN", "DevScores"]);
  callbacksOf({ devScores: {}, checkpoint }); // checked before there is anything to score
  for (const devScores of [undefined, { every: 2 }, { scores: ["bleu-1"] }]) {
    const refused = () => callbacksOf({ devScores, checkpoint }, { scorer });
    assertThrows(refused, RangeError, 'training.checkpoint.monitor is "val_cider-d"');
  }
});

Deno.test("createCallbacks() without dev photos scores none, and watches loss instead", () => {
  const said: string[] = [];
  const all = callbacksOf(
    { devScores: {}, checkpoint: { monitor: "val_cider-d", mode: "max" } },
    {
      hasDev: false,
      say: (line) => void said.push(line),
      scorer: () => Promise.reject(new Error("There is nothing to score")),
    },
  );
  assert(all.every(({ name }) => name !== "DevScores"));
  assertEquals(said, [
    "There are no dev photos, so no val_loss and no dev scores: watching loss instead (checkpoint)",
  ]);
});

Deno.test("DevScores reports what it is asked for, every so many epochs", async () => {
  const asked: number[] = [];
  const [, scoring] = callbacksOf({ devScores: { every: 2, scores: ["cider-d"], beam: 3 } }, {
    scorer: (_, { beam }) => {
      asked.push(beam);
      return Promise.resolve({ "bleu-4": 0.1, "cider-d": 0.5 });
    },
  });
  const logs = [{}, {}, {}, {}] as Record<string, number>[];
  await new FakeTraining([scoring]).run(logs);
  assertEquals(logs.map((line) => line["val_cider-d"]), [undefined, 0.5, undefined, 0.5]);
  assertEquals(asked, [3, 3]);
});
