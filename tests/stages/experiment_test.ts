import { loadConfig } from "../../lib/config/mod.ts";
import { datasetFolder, type Experiment, openRun, throughTokenizer } from "../../lib/stages/mod.ts";
import { lockFolder } from "../../lib/storage/mod.ts";
import { assert, assertEquals, assertRejects } from "../assert.ts";
import { granted } from "../permissions.ts";

const ignore = !granted("read", "write");

type Make = (...overrides: string[]) => Promise<Experiment>;

function test(name: string, fn: (experiment: Make) => Promise<void>) {
  Deno.test({
    name,
    ignore,
    fn: async () => {
      const data = await Deno.makeTempDir();
      try {
        await fn(async (...overrides) => ({
          config: await loadConfig({ overrides }),
          data,
          engine: () => Promise.reject(new Error("No engine is needed here")),
          say: () => {},
          onProgress: () => {},
        }));
      } finally {
        await Deno.remove(data, { recursive: true });
      }
    },
  });
}

test("datasetFolder() depends on what decides the data, and on nothing else", async (make) => {
  const folder = datasetFolder(await make());
  assertEquals(datasetFolder(await make("training.seed=2", "dataset.maxRejected=3")), folder);
  assert(datasetFolder(await make("dataset.seed=2")) !== folder);
});

test("openRun() of the same config, of more epochs, of other decoding continues the run", async (make) => {
  const run = await openRun(await make());
  assertEquals(await run.readConfig(), (await make()).config);
  for (
    const override of [
      "training.epochs=99",
      "decoding.beam=9",
      "evaluation.split=dev",
      "dataset.maxRejected=1",
      "encoder.shardSize=9",
      "description=other",
    ]
  ) {
    assertEquals((await openRun(await make("training.epochs=99", override))).folder, run.folder);
  }
  assertEquals((await run.readConfig()).training.epochs, 99);
});

test("openRun() of another config names the keys; the old config stays", async (make) => {
  const run = await openRun(await make());
  const before = await run.readConfig();
  for (const override of ["training.epochs=1", "text.minCount=7", "training.earlyStopping=false"]) {
    const [key] = override.split("=");
    const error = await assertRejects(async () => await openRun(await make(override)), Error, key);
    assert(error.message.includes("--name") && error.message.includes("--overwrite"));
  }
  assertEquals(await run.readConfig(), before);
});

test("openRun() overwrites a run, but none that a process works on", async (make) => {
  const run = await openRun(await make());
  const { folder } = run;
  await Deno.writeTextFile(`${folder}/old`, "");
  const other = await make("text.minCount=7");
  {
    using _lock = await lockFolder(folder);
    await assertRejects(() => openRun(other, { overwrite: true }), Error, "is in use by");
    await Deno.stat(`${folder}/old`);
  }
  await openRun(other, { overwrite: true });
  await assertRejects(() => Deno.stat(`${folder}/old`), Deno.errors.NotFound);
  assertEquals((await run.readConfig()).text.minCount, 7);
});

test("a run cannot start from its own weights by another name, and overwrite deletes nothing", async (make) => {
  const experiment = await make();
  const { folder } = await openRun(experiment);
  await Deno.writeTextFile(`${folder}/old`, "");
  const from = `${experiment.data}/base`;
  await Deno.symlink(folder, from);
  const { config } = experiment;
  const linked = { ...experiment, config: { ...config, training: { ...config.training, from } } };
  const error = () => throughTokenizer(linked, { overwrite: true });
  await assertRejects(error, Error, "cannot start from its own weights");
  await Deno.stat(`${folder}/old`);
});
