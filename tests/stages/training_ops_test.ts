import { join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { loadConfig } from "../../lib/config/mod.ts";
import { type Engine, startEngine } from "../../lib/engine/mod.ts";
import type { FusedOps } from "../../lib/nn/mod.ts";
import { decisiveDigest } from "../../lib/run/run_config.ts";
import { withoutEpochs } from "../../lib/run/recorded_inputs.ts";
import { throughTraining } from "../../lib/stages/mod.ts";
import { assert, assertEquals, assertRejects } from "../assert.ts";
import { granted } from "../permissions.ts";
import { madeExperiment, makeSource } from "./made_experiment.ts";

const ignore = !granted("read", "write", "ffi", "env", "sys", "net", "run");

/** The engine on a machine whose bfloat16 would be faster, or not. */
async function engineOf(isFaster: boolean): Promise<Engine> {
  const engine = await startEngine();
  await tf.setBackend("tensorflow");
  const { problem } = engine.fused!.bfloat16!;
  const speed = { isFaster, reason: "the test says so" };
  const bfloat16 = Object.create(engine.fused!.bfloat16!, {
    ...Object.fromEntries(Object.entries(speed).map(([name, value]) => [name, { value }])),
    problem: { value: () => problem.call(engine.fused!.bfloat16!) },
  });
  return { ...engine, fused: { ...engine.fused!, bfloat16 } as FusedOps };
}

/** Calls `work` with a function that trains, and tells what was said of the arithmetic. */
async function withTraining(
  work: (
    train: (engine: () => Promise<Engine>, ...overrides: string[]) => Promise<
      { arithmetic?: string; best: string; said: string[] }
    >,
  ) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "showtell-test-" });
  try {
    await makeSource(join(folder, "source"));
    await work(async (engine, ...overrides) => {
      const [source, data] = [join(folder, "source"), join(folder, "data")];
      const experiment = await madeExperiment(source, data, overrides);
      const { run, arithmetic } = await throughTraining({ ...experiment, engine });
      assertEquals((await run.readTraining()).arithmetic, arithmetic);
      const said = experiment.lines.filter((line) => /float|Resuming|is done/.test(line));
      return { arithmetic, best: await run.bestDigest(), said };
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test({
  name: "training.arithmetic=auto is recorded as chosen, and a training resumes in it elsewhere",
  ignore,
  async fn() {
    await withTraining(async (train) => {
      const auto = "training.arithmetic=auto";
      const [faster, slower] = [true, false].map((isFaster) => () => engineOf(isFaster));
      const whole = await train(faster, auto, "name=whole", "training.epochs=2");
      assertEquals(whole.arithmetic, "bfloat16");
      assertEquals(whole.said, [
        "training.arithmetic: auto is bfloat16 here, as the test says so",
      ]);
      const begun = await train(faster, auto);
      assertEquals(begun.said, whole.said);
      assertEquals((await train(slower, auto)).said, ["Training is done: best epoch 1 of 1"]);
      const resumed = await train(slower, auto, "training.epochs=2");
      assertEquals(resumed, {
        arithmetic: "bfloat16",
        best: resumed.best,
        said: [
          "training.arithmetic: auto is bfloat16 here, as this training began in it",
          "bfloat16 may be slower than float32 here, as the test says so",
          "Resuming after epoch 1",
        ],
      });
      assert(resumed.best !== begun.best);
      const stays = await train(slower, auto, "name=stays");
      assertEquals([stays.arithmetic, stays.said], [undefined, [
        "training.arithmetic: auto is float32 here, as the test says so",
      ]]);
      const still = await train(faster, auto, "name=stays", "training.epochs=2");
      assertEquals([still.arithmetic, still.said], [undefined, [
        "training.arithmetic: auto is float32 here, as this training began in it",
        "Resuming after epoch 1",
      ]]);
      const other = () => train(faster, "name=stays", "training.arithmetic=bfloat16");
      await assertRejects(other, Error, 'training.arithmetic ("auto", now "bfloat16")');
    });
  },
});

Deno.test({
  name: "training.arithmetic without TensorFlow: bfloat16 is refused, auto is float32, said",
  ignore: !granted("read", "write", "ffi", "env", "sys"),
  async fn() {
    await tf.setBackend("cpu");
    await withTraining(async (train) => {
      const { engine } = await madeExperiment("photos", "data");
      const problem = "only the engine on TensorFlow has it";
      await assertRejects(
        () => train(engine, "training.arithmetic=bfloat16"),
        RangeError,
        `training.arithmetic is bfloat16, which cannot be computed here: ${problem}; set ` +
          "--training.arithmetic=float32",
      );
      const auto = await train(engine, "name=auto", "training.arithmetic=auto");
      assertEquals(auto.said, [`training.arithmetic: auto is float32 here, as ${problem}`]);
      assertEquals(auto.arithmetic, undefined);
    });
  },
});

Deno.test("Settings of training that came later leave the digests of runs as they were without them", async () => {
  const digests = async (...overrides: string[]) => {
    const config = await loadConfig({ overrides });
    const { model, training } = config;
    const inputs = { captions: "", tokenizer: "", encoderKey: "", model, training };
    return { config: decisiveDigest(config), inputs: withoutEpochs(inputs) };
  };
  const now = await digests(
    ...["training.arithmetic=float32", "training.labelSmoothing=0", "training.flipPhotos=false"],
  );
  assertEquals(now, await digests());
  assert(!/arithmetic|labelSmoothing|flipPhotos/.test(JSON.stringify(now.inputs)));
  const {
    training: { arithmetic: _a, labelSmoothing: _l, flipPhotos: _f, ...training },
    ...config
  } = await loadConfig({});
  assertEquals(
    decisiveDigest({ ...config, training } as typeof config & { training: never }),
    now.config,
  );
  for (const other of ["training.labelSmoothing=0.1", "training.flipPhotos=true"]) {
    assert((await digests(other)).config !== now.config);
  }
  for (const other of ["bfloat16", "auto"]) {
    const { config, inputs } = await digests(`training.arithmetic=${other}`);
    assert(config !== now.config);
    assert(JSON.stringify(inputs).includes(`"arithmetic":"${other}"`));
  }
  await assertRejects(() => digests("training.arithmetic=float16"), Error, "training.arithmetic");
});
