import { join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { deleteRun, Run } from "../../lib/run/mod.ts";
import {
  cleanCaches,
  evaluateRun,
  type Experiment,
  exportRun,
  prepareData,
  throughEvaluation,
  throughTokenizer,
} from "../../lib/stages/mod.ts";
import { digestFile, lockFolder } from "../../lib/storage/mod.ts";
import { assert, assertEquals, assertRejects } from "../assert.ts";
import { experimentOf, importUnits, makeSource, type Place, RUN } from "../kills/work.ts";
import { granted } from "../permissions.ts";
import { filesUnder } from "../tasks/task.ts";

const ignore = !granted("read", "write", "ffi", "env", "sys");

function test(name: string, fn: (place: Place) => Promise<void>): void {
  Deno.test({
    name,
    ignore,
    fn: async () => {
      await tf.setBackend("cpu");
      const folder = await Deno.makeTempDir({ prefix: "showtell-test-" });
      const place = { source: join(folder, "source"), data: join(folder, "data") };
      try {
        await makeSource(place.source);
        await fn(place);
      } finally {
        await Deno.remove(folder, { recursive: true });
      }
    },
  });
}

const IN_USE = /is (in use|being altered) by /;

/** Each of them is refused in one sentence, and what is on disk stays as it is. */
async function assertRefused(
  { data }: Place,
  seconds: Record<string, () => Promise<unknown>>,
  message = IN_USE,
): Promise<void> {
  const before = await digests(data);
  for (const [name, second] of Object.entries(seconds)) {
    const error = await assertRejects(second, Error);
    assert(message.test(error.message) && !error.message.includes("\n"), `${name}: ${error}`);
    assertEquals(await digests(data), before, name);
  }
}

/** SHA-256 of all files but those of locks. */
async function digests(data: string): Promise<Record<string, string>> {
  const files = (await filesUnder(data)).filter((file) => !/(^|\/)\..+\.(lock|use)$/.test(file));
  const found = files.map(async (file) => [file, await digestFile(join(data, file))]);
  return Object.fromEntries(await Promise.all(found));
}

/** A work that waits in its middle until it is told to continue. */
async function paused(work: (pause: () => Promise<void>) => Promise<unknown>) {
  const reached = Promise.withResolvers<void>(), resumed = Promise.withResolvers<void>();
  const working = work(() => {
    reached.resolve();
    return resumed.promise;
  });
  await Promise.race([reached.promise, working]);
  return async () => {
    resumed.resolve();
    await working;
  };
}

const named = (name: string, more: string[] = []) => async (place: Place): Promise<Experiment> => {
  const experiment = await experimentOf(place, 2, more);
  return { ...experiment, config: { ...experiment.config, name } };
};

const pausedTraining = (experiment: Experiment) =>
  paused((pause) =>
    throughEvaluation(experiment, { callbacks: [{ name: "Pause", onEpochEnd: pause }] })
  );

test("while a run is trained, whoever would write it is refused and wrote nothing", async (place) => {
  const { data } = place;
  await throughEvaluation(await experimentOf(place, 2, ["training.epochs=1"]));
  const first = await experimentOf(place);
  const resume = await pausedTraining(first);
  const run = Run.named(RUN, data);
  const other = await experimentOf(place, 3),
    longer = await experimentOf(place, 2, ["training.epochs=9"]);
  await assertRefused(place, {
    "train, another config": () => throughEvaluation(other),
    "train, the same config": () => throughEvaluation(first),
    "train, more epochs": () => throughEvaluation(longer),
    "train --overwrite": () => throughEvaluation(other, { overwrite: true }),
    "tokenizer --overwrite": () => throughTokenizer(other, { overwrite: true }),
    "evaluate": () => evaluateRun(first, run),
    "import --overwrite": () => importUnits(place, 4, RUN),
    "runs delete": () => deleteRun(run),
  });
  const base = await named("other", [`training.from=${run.folder}`])(place);
  await assertRefused(place, {
    "train --from": () => throughEvaluation(base),
    "export": () => exportRun(first, { run: run.folder, format: "keras" }),
  }, /trained|in use|being altered/);
  const before = await digests(data);
  await prepareData(first);
  await cleanCaches(data);
  assertEquals(await digests(data), before);
  await resume();
  assertEquals((await run.readTraining()).epochs, 3);
});

test("while training starts from a run, that one stays, and others may start from it", async (place) => {
  const { data } = place;
  await throughEvaluation(await experimentOf(place));
  const { folder } = Run.named(RUN, data);
  const from = [`training.from=${folder}`];
  const resume = await pausedTraining(await named("second", from)(place));
  const longer = await experimentOf(place, 2, ["training.epochs=9"]);
  await assertRefused(place, {
    "import --overwrite": () => importUnits(place, 4, RUN),
    "train, more epochs": () => throughEvaluation(longer),
    "runs delete": () => deleteRun({ folder }),
  });
  await throughEvaluation(await named("third", from)(place));
  await resume();
  const best = (name: string) => Deno.readFile(Run.named(name, data).paths.best);
  assertEquals(await best("second"), await best("third"));
});

test("while a run is evaluated, neither training nor another evaluation writes it", async (place) => {
  const { data } = place;
  const experiment = await experimentOf(place);
  await throughEvaluation(experiment);
  const dev = await experimentOf(place, 2, ["evaluation.split=dev"]);
  const run = Run.named(RUN, data);
  const resume = await paused((pause) =>
    evaluateRun({ ...dev, engine: () => pause().then(dev.engine) }, run)
  );
  const longer = await experimentOf(place, 2, ["training.epochs=9"]);
  await assertRefused(place, {
    "evaluate": () => evaluateRun(dev, run),
    "train, more epochs": () => throughEvaluation(longer),
    "runs delete": () => deleteRun(run),
  });
  await resume();
  const found = Object.keys((await run.readEvaluations("flickr8k")).evaluations);
  assertEquals(found, ["flickr8k-test", "flickr8k-dev"]);
});

test("two at once prepare one data set once, and both train", async (place) => {
  const said: string[] = [];
  const say = (line: string) => void said.push(line);
  const experiments = await Promise.all(["one", "two"].map((name) => named(name)(place)));
  await Promise.all(experiments.map((experiment) => throughEvaluation({ ...experiment, say })));
  const count = (start: string) => said.filter((line) => line.startsWith(start)).length;
  assertEquals([count("Data prepared"), count("The data set is prepared")], [1, 1]);
  assert(count("Waiting for ") > 0, said.join("\n"));
  const best = (name: string) => Deno.readFile(Run.named(name, place.data).paths.best);
  assertEquals(await best("one"), await best("two"));
});

test("two imports of one name: the run is whole, of one of them", async (place) => {
  await Promise.allSettled([importUnits(place, 4), importUnits(place, 5)]);
  const run = Run.named("imported", place.data);
  const { model } = await run.readConfig();
  assert(model.kind === "merge" && [4, 5].includes(model.units));
  await run.readTraining();
  assertEquals((await filesUnder(place.data)).filter((file) => /(^|\/)\./.test(file)), []);
});

test("an export that another process writes is left alone", async (place) => {
  const experiment = await experimentOf(place);
  await throughEvaluation(experiment);
  const { folder } = Run.named(RUN, place.data);
  using _lock = await lockFolder(join(place.data, "exports", `${RUN}-keras`));
  await assertRefused(place, {
    "export": () => exportRun(experiment, { run: folder, format: "keras", overwrite: true }),
  });
});

test("caches in use are not cleaned, and then none is", async (place) => {
  const { data } = place;
  const unused = await experimentOf(place, 2, ["dataset.seed=7"]);
  await prepareData(unused);
  await prepareData(await experimentOf(place, 2, ["dataset.seed=8"]));
  const resume = await paused(async (pause) => {
    // A first training that loads the encoder: there is no run yet.
    const first = await named("first", ["dataset.seed=9", "encoder.kind=shapes_cnn"])(place);
    const { features: _, ...encoder } = first.config.encoder as { features?: string };
    const config = { ...first.config, encoder } as Experiment["config"];
    const stop = () => pause().then(() => Promise.reject(new Error("enough")));
    await assertRejects(
      () => throughEvaluation({ ...first, config, engine: stop }),
      Error,
      "enough",
    );
  });
  await assertRefused(place, { "runs clean": () => cleanCaches(data) });
  await resume();
  assertEquals((await cleanCaches(data)).length, 3);
  assertEquals(await filesUnder(data), []);
});
