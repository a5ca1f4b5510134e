import { join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { listRuns, Run } from "../../lib/run/mod.ts";
import {
  buildTokenizer,
  type Experiment,
  openCaptioner,
  throughEvaluation,
  throughFeatures,
} from "../../lib/stages/mod.ts";
import { train } from "../../lib/stages/train.ts";
import { DamagedFileError } from "../../lib/storage/mod.ts";
import {
  type Callback,
  type HistoryLine,
  readCheckpoint,
  writeCheckpoint,
} from "../../lib/training/mod.ts";
import { assert, assertEquals, assertRejects } from "../assert.ts";
import { granted } from "../permissions.ts";
import { madeExperiment, makeSource, photos } from "./made_experiment.ts";

const EPOCHS = 3;
/** The loss falls, so the best epoch of this training is the first. */
const FIRST_IS_BEST = ["training.checkpoint.monitor=loss", "training.checkpoint.mode=max"];

interface Made {
  experiment: Experiment & { lines: string[] };
  run: Run;
  /** The same experiment with other settings. */
  other: (...overrides: string[]) => Promise<Experiment & { lines: string[] }>;
}

/** Trains and evaluates a run of a made data set, and hands it to a test. */
function test(name: string, fn: (made: Made) => Promise<void>, overrides: string[] = []): void {
  Deno.test({
    name,
    ignore: !granted("read", "write", "ffi", "env", "sys"),
    async fn() {
      await tf.setBackend("cpu");
      const folder = await Deno.makeTempDir({ prefix: "showtell-test-" });
      const [source, data] = [join(folder, "source"), join(folder, "data")];
      try {
        await makeSource(source);
        const other = (...more: string[]) =>
          madeExperiment(source, data, [`training.epochs=${EPOCHS}`, ...overrides, ...more]);
        const experiment = await other();
        const { run } = await throughEvaluation(experiment);
        experiment.lines.length = 0;
        await fn({ experiment, run, other });
      } finally {
        await Deno.remove(folder, { recursive: true });
      }
    },
  });
}

async function flip(path: string): Promise<void> {
  const bytes = await Deno.readFile(path);
  bytes[Math.floor(bytes.length * 0.6)] ^= 4;
  await Deno.writeFile(path, bytes);
}

/** As a failing disk does: the file's time stays as it was. */
async function flipSilently(path: string): Promise<void> {
  const { mtime } = await Deno.stat(path);
  await flip(path);
  await Deno.utime(path, mtime!, mtime!);
}

async function onlyShard(run: Run, data: string): Promise<string> {
  const { encoderKey } = await run.readTraining();
  return join(data, "features", encoderKey!, "shard-00000.safetensors");
}

/** Every way to damage a file, by name. */
const damages: Record<string, (path: string) => Promise<void>> = {
  flipped: flip,
  emptied: (path) => Deno.writeTextFile(path, ""),
  "cut off": async (path) => await Deno.truncate(path, (await Deno.stat(path)).size - 9),
  deleted: (path) => Deno.remove(path),
};

async function contents(run: Run): Promise<Record<string, Uint8Array>> {
  const { best, tokenizer, trainedOn } = run.paths;
  return {
    best: await Deno.readFile(best),
    tokenizer: await Deno.readFile(tokenizer),
    trainedOn: await Deno.readFile(trainedOn),
  };
}

async function assertCaptionsRefused(run: Run, experiment: Experiment): Promise<void> {
  const { message } = await assertRejects(
    async () => await openCaptioner(run, { engine: await experiment.engine() }),
    DamagedFileError,
  );
  assert(
    message.endsWith(`: \`deno task train --config=${run.paths.config}\` restores it`),
    message,
  );
}

test("a damaged best epoch that is the last one captions, and training writes it again", async (made) => {
  const { experiment, run } = made;
  const whole = await contents(run);
  for (const [damage, apply] of Object.entries(damages)) {
    await apply(run.paths.best);
    const lines: string[] = [];
    const opened = await openCaptioner(run, {
      engine: await experiment.engine(),
      say: (line) => void lines.push(line),
    });
    await opened.dispose();
    assert(lines[0]?.includes("which is of the same epoch"), `${damage}: ${lines}`);
    experiment.lines.length = 0;
    await throughEvaluation(experiment);
    assert(
      experiment.lines.includes(
        `${run.paths.best} is written again: the best epoch, ${EPOCHS}, is the last one`,
      ),
      experiment.lines.join("\n"),
    );
    assertEquals(await contents(run), whole);
  }
});

test(
  "a damaged best epoch before the last is refused, and trained again by what is advised",
  async (made) => {
    const { experiment, run } = made;
    const whole = await contents(run);
    for (const apply of Object.values(damages)) {
      await apply(run.paths.best);
      await assertCaptionsRefused(run, experiment);
      const { message } = await assertRejects(
        () => throughEvaluation(experiment),
        DamagedFileError,
      );
      assert(
        message.endsWith(
          `it was of epoch 1, and ${run.paths.last} is of epoch 3; ` +
            `\`deno task train --config=${run.paths.config} --overwrite\` trains the run again`,
        ),
        message,
      );
      await throughEvaluation(experiment, { overwrite: true });
      assertEquals(await contents(run), whole);
    }
  },
  FIRST_IS_BEST,
);

test(
  "with a damaged last epoch, a longer training resumes after the best, to the same weights",
  async (made) => {
    const { run, other } = made;
    const longer = await other("training.epochs=5");
    await throughEvaluation(await other("name=undisturbed", "training.epochs=5"));
    const undisturbed = readCheckpoint(Run.named("undisturbed", longer.data).paths.last);
    await flip(run.paths.last);
    await throughEvaluation(longer);
    assert(longer.lines.includes("Resuming after epoch 1"), longer.lines.join("\n"));
    assert(longer.lines.some((line) => line.includes("last.safetensors is damaged")));
    assertEquals(readCheckpoint(run.paths.last).weights, undisturbed.weights);
    assertEquals((await run.readHistory()).map(({ epoch }) => epoch), [0, 1, 2, 3, 4]);
  },
  FIRST_IS_BEST,
);

test("each file of a run, damaged in any way, is restored by training, with a word", async (made) => {
  const { experiment, run } = made;
  const whole = await contents(run);
  const figures = (lines: HistoryLine[]) => lines.map(({ seconds: _, ...others }) => others);
  const history = figures(await run.readHistory());
  for (const file of ["training", "history", "trainedOn", "tokenizer"] as const) {
    for (const [damage, apply] of Object.entries(damages)) {
      await apply(run.paths[file]);
      experiment.lines.length = 0;
      const { evaluated } = await throughEvaluation(experiment);
      assertEquals(evaluated?.evaluation.photos, 4);
      assertEquals(await contents(run), whole, `${file} ${damage}`);
      assertEquals(figures(await run.readHistory()), history);
      const word = file === "tokenizer" ? "Tokenizer built" : "Resuming after epoch 3";
      assert(experiment.lines.some((line) => line.startsWith(word)), experiment.lines.join("\n"));
    }
  }
});

test("a damaged config is written again by the config that made the run, by no other", async (made) => {
  const { experiment, run, other } = made;
  const whole = await contents(run);
  const config = await Deno.readTextFile(run.paths.config);
  const another = await other("model.units=3");
  for (const [damage, apply] of Object.entries(damages)) {
    await apply(run.paths.config);
    const refused = await assertRejects(() => throughEvaluation(another), DamagedFileError);
    assert(refused.message.includes("another config made the run; train with that one"));
    experiment.lines.length = 0;
    await throughEvaluation(experiment);
    const word = "it is written again from this config";
    assert(experiment.lines.some((line) => line.endsWith(word)), `${damage}: ${experiment.lines}`);
    assertEquals(await Deno.readTextFile(run.paths.config), config);
    assertEquals(await contents(run), whole);
  }
});

test("a shard altered with its time kept is made again before a run is trained further or overwritten", async (made) => {
  const { run, other } = made;
  const shard = await onlyShard(run, made.experiment.data);
  const whole = await Deno.readFile(shard);
  for (const [epochs, overwrite] of [[EPOCHS + 1, false], [EPOCHS + 1, true]] as const) {
    await flipSilently(shard);
    const longer = await other(`training.epochs=${epochs}`);
    const { evaluated } = await throughEvaluation(longer, { overwrite });
    assertEquals(evaluated?.evaluation.photos, 4);
    assert(
      longer.lines.includes(`${shard} was altered: its ${photos.length} photos are encoded again`),
      longer.lines.join("\n"),
    );
    assertEquals(await Deno.readFile(shard), whole);
    assertEquals((await run.readTraining()).epochs, epochs);
  }
});

test("a shard altered after stage 2 is refused by training, which leaves the run as it was", async (made) => {
  const { run, other } = made;
  const longer = await other(`training.epochs=${EPOCHS + 1}`);
  const parts = await throughFeatures(longer);
  const { tokenizer } = await buildTokenizer(longer, parts.prepared);
  await flip(await onlyShard(run, longer.data));
  const { message } = await assertRejects(
    () => train(longer, { ...parts, run, tokenizer }),
    DamagedFileError,
  );
  assert(message.endsWith("is damaged (it was altered): cache the features again"), message);
  assertEquals((await run.readTraining()).epochs, EPOCHS);
});

test("no photo is scored where what training saw is not as it was written", async (made) => {
  const { experiment, run } = made;
  const text = await Deno.readTextFile(run.paths.trainedOn);
  for (const damaged of ["", text.replaceAll("\n", "\r\n"), text.split("\n")[0] + "\n"]) {
    await Deno.writeTextFile(run.paths.trainedOn, damaged);
    const { message } = await assertRejects(() => run.readSeenPhotos(), DamagedFileError);
    assert(message.startsWith(`${run.paths.trainedOn} is damaged (it is not as it was when`));
  }
  await throughEvaluation(experiment);
  assertEquals(await Deno.readTextFile(run.paths.trainedOn), text);
});

test("weights that are not finite are never loaded, whatever wrote them", async (made) => {
  const { experiment, run } = made;
  const checkpoint = readCheckpoint(run.paths.best);
  checkpoint.weights.values().next().value!.data[0] = NaN;
  for (const path of [run.paths.best, run.paths.last]) await writeCheckpoint(path, checkpoint);
  await assertCaptionsRefused(run, experiment);
  await throughEvaluation(experiment);
  assert(experiment.lines.some((line) => line.includes("numbers that are not finite")));
  assert((await Deno.readFile(run.paths.best)).length > 0);
});

test("a training cut off leaves no record of the weights before it, and no scores", async (made) => {
  const { experiment, run } = made;
  const [before] = await listRuns(experiment.data);
  assertEquals([before.training?.epochs, Object.keys(before.evaluations).length], [EPOCHS, 1]);
  const whole = await contents(run);
  await run.deleteCheckpoints();
  const cut: Callback = {
    name: "Cut",
    reports: [],
    onEpochEnd(epoch) {
      if (epoch === 1) throw new Error("cut off");
    },
  };
  await assertRejects(() => throughEvaluation(experiment, { callbacks: [cut] }), Error, "cut off");
  const [during] = await listRuns(experiment.data);
  assertEquals([during.training, during.evaluations, during.epochsDone], [undefined, {}, 1]);
  await assertRejects(
    async () => await openCaptioner(run, { engine: await experiment.engine() }),
    Error,
    "is not trained to its end",
  );
  await throughEvaluation(experiment);
  assertEquals(await contents(run), whole);
});

test("an evaluation that is damaged is told, and made again; lost figures are drawn again", async (made) => {
  const { experiment, run } = made;
  const place = run.evaluation("flickr8k-test");
  const scores = await place.read();
  for (const apply of Object.values(damages)) {
    await apply(place.path);
    const [run] = await listRuns(experiment.data);
    assertEquals([run.evaluations, run.warnings.length], [{}, 1]);
    await throughEvaluation(experiment);
    const { captionsPerSecond: _, ...again } = await place.read();
    assertEquals({ ...again, captionsPerSecond: scores.captionsPerSecond }, scores);
  }
  const figure = join(run.paths.evaluations, "loss.plotly.json");
  const drawn = await Deno.readTextFile(figure);
  await Deno.remove(figure);
  experiment.lines.length = 0;
  await throughEvaluation(experiment);
  assert(experiment.lines.includes(`${figure} is drawn again`), experiment.lines.join("\n"));
  assertEquals(await Deno.readTextFile(figure), drawn);
});

test("a damaged base is refused before the run that starts from it is touched", async (made) => {
  const { run, other } = made;
  const child = ["name=child", `training.from=${run.folder}`];
  const { run: started } = await throughEvaluation(await other(...child));
  const whole = await contents(started);
  const record = await Deno.readTextFile(started.paths.training);
  const text = await Deno.readTextFile(run.paths.trainedOn);
  await Deno.writeTextFile(run.paths.trainedOn, "");
  const longer = await other(...child, "training.epochs=5");
  await assertRejects(() => throughEvaluation(longer), DamagedFileError, run.paths.trainedOn);
  const overwriting = throughEvaluation(longer, { overwrite: true });
  await assertRejects(() => overwriting, DamagedFileError, run.paths.trainedOn);
  await assertRejects(
    async () => await throughEvaluation(await other(...child, "name=another")),
    DamagedFileError,
    run.paths.trainedOn,
  );
  assertEquals(await contents(started), whole);
  assertEquals(await Deno.readTextFile(started.paths.training), record);
  assertEquals((await listRuns(longer.data)).map(({ name }) => name), ["child", "shapes"]);
  await Deno.writeTextFile(run.paths.trainedOn, text);
  for (const file of [run.paths.best, run.paths.last]) await flip(file);
  // A training that resumes reads nothing of the weights that it once started from.
  await throughEvaluation(longer);
  assert(longer.lines.includes(`Resuming after epoch ${EPOCHS}`), longer.lines.join("\n"));
});

test("a config that is lost is not replaced by one of fewer epochs", async (made) => {
  const { run, other } = made;
  await Deno.remove(run.paths.config);
  const { message } = await assertRejects(
    async () => await throughEvaluation(await other("training.epochs=1")),
    DamagedFileError,
  );
  assert(message.includes(`trained for ${EPOCHS} epochs: give --training.epochs=${EPOCHS}`));
});

test("a run copied elsewhere is not told to train where it lies", async (made) => {
  const { experiment, run } = made;
  const copy = new Run(`${run.folder}_copied`);
  await Deno.mkdir(`${copy.folder}/checkpoints`, { recursive: true });
  for (const file of ["config", "tokenizer", "training"] as const) {
    await Deno.copyFile(run.paths[file], copy.paths[file]);
  }
  const { message } = await assertRejects(
    async () => await openCaptioner(copy, { engine: await experiment.engine() }),
    DamagedFileError,
  );
  assert(message.includes("train the run where it was made (--name=shapes), and copy it"), message);
});

test("a training whose every epoch is worse than its threshold says so", async (made) => {
  const { other } = made;
  const never = await other("name=never", "training.checkpoint.initialValueThreshold=0.001");
  for (let i = 0; i < 2; i++) {
    const { message } = await assertRejects(() => throughEvaluation(never), RangeError);
    assert(message.startsWith(`No epoch was kept as the best of `), message);
  }
});
