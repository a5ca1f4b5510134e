import { loadConfig } from "../../lib/config/mod.ts";
import { datasetFolder, type Experiment, openRun, readRunConfig } from "../../lib/stages/mod.ts";
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

test("openRun() of the same config, of more epochs, of other decoding goes on", async (make) => {
  const folder = await openRun(await make());
  assertEquals(await readRunConfig(folder), (await make()).config);
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
    assertEquals(await openRun(await make("training.epochs=99", override)), folder);
  }
  assertEquals((await readRunConfig(folder)).training.epochs, 99);
});

test("openRun() of another config names the keys; the old config stays", async (make) => {
  const folder = await openRun(await make());
  const before = await readRunConfig(folder);
  for (const override of ["training.epochs=1", "text.minCount=7", "training.earlyStopping=false"]) {
    const [key] = override.split("=");
    const error = await assertRejects(async () => await openRun(await make(override)), Error, key);
    assert(error.message.includes("--name") && error.message.includes("--overwrite"));
  }
  assertEquals(await readRunConfig(folder), before);
});

test("openRun() overwrites a run, but none that a process works on", async (make) => {
  const folder = await openRun(await make());
  await Deno.writeTextFile(`${folder}/old`, "");
  const other = await make("text.minCount=7");
  {
    using _lock = await lockFolder(folder);
    await assertRejects(() => openRun(other, true), Error, "is in use by");
    await Deno.stat(`${folder}/old`);
  }
  await openRun(other, true);
  await assertRejects(() => Deno.stat(`${folder}/old`), Deno.errors.NotFound);
  assertEquals((await readRunConfig(folder)).text.minCount, 7);
});

test("readRunConfig() of no run, a damaged one, another version: one sentence", async (make) => {
  const { data } = await make();
  await assertRejects(() => readRunConfig(data), Error, "holds no run");
  for (
    const [text, expected] of [
      ["{", "is damaged"],
      ['{"format":2}', "has format 2"],
      ['{"format":1,"name":"a","encoder":{}}', '"encoder.kind" is missing'],
    ]
  ) {
    await Deno.writeTextFile(`${data}/config.json`, text);
    await assertRejects(() => readRunConfig(data), Error, expected);
  }
});
