import { join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { compareRuns, findRun, Run } from "../../lib/run/mod.ts";
import { throughEvaluation } from "../../lib/stages/mod.ts";
import { assert, assertAlmostEquals, assertEquals, assertRejects } from "../assert.ts";
import { granted } from "../permissions.ts";
import { madeExperiment, makeSource } from "./made_experiment.ts";

const ignore = !granted("read", "write", "ffi", "env", "sys");

async function inData(fn: (source: string, data: string) => Promise<void>): Promise<void> {
  await tf.setBackend("cpu");
  const folder = await Deno.makeTempDir({ prefix: "showtell-test-" });
  const [source, data] = [join(folder, "source"), join(folder, "data")];
  try {
    await makeSource(source);
    await fn(source, data);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function evaluated(source: string, data: string, ...overrides: string[]) {
  const experiment = await madeExperiment(source, data, overrides);
  const { evaluated, run } = await throughEvaluation(experiment);
  return { ...evaluated!, run, lines: experiment.lines };
}

Deno.test({
  name:
    "evaluate() of dev: perplexity is exp of the best epoch's val_loss, scores are of its photos",
  ignore,
  fn: () =>
    inData(async (source, data) => {
      const { evaluation, run } = await evaluated(
        source,
        data,
        "evaluation.split=dev",
        "training.epochs=2",
      );
      const losses = (await run.readHistory()).map(({ val_loss }) => val_loss);
      assertAlmostEquals(evaluation.perplexity!, Math.exp(Math.min(...losses)), 1e-4);
      const { scores, intervals, statistics } = evaluation;
      assertEquals(Object.keys(intervals!), Object.keys(scores));
      for (const [name, { low, high }] of Object.entries(intervals!)) {
        assert(low <= scores[name] + 1e-12 && scores[name] - 1e-12 <= high, name);
      }
      assert(statistics!.inTrain! >= 0 && statistics!.distinct > 0);
      const photos = await run.evaluation("flickr8k-dev").readPhotos();
      for (const name of ["rouge-l", "cider-d"]) {
        const sum = photos.reduce((sum, photo) => sum + photo.scores![name], 0);
        assertAlmostEquals(sum / photos.length, scores[name], 1e-12);
      }
    }),
});

Deno.test({
  name:
    "evaluate() counts document frequencies in train, or a file that decides whether it is done",
  ignore,
  fn: () =>
    inData(async (source, data) => {
      const from = (value: string) =>
        evaluated(source, data, `evaluation.cider-d.documentFrequencies=${value}`);
      assert((await from("train")).evaluation.signature.includes("|df:train|"));
      const file = join(source, "captions.json");
      await assertRejects(() => from(file), Error, "captions.json");
      await Deno.writeTextFile(file, JSON.stringify({ 1: ["a red circle"], 2: ["a blue one"] }));
      assert((await from(file)).evaluation.signature.includes("|df:file|"));
      const again = await from(file);
      assert(again.lines.some((line) => line.startsWith("The evaluation is done")));
      await Deno.writeTextFile(file, JSON.stringify({ 1: ["a red circle"], 2: ["a dog"] }));
      const changed = await from(file);
      assert(changed.lines.every((line) => !line.startsWith("The evaluation is done")));
    }),
});

Deno.test({
  name: "evaluate() without resamples has no intervals; a record without the new figures is read",
  ignore,
  fn: () =>
    inData(async (source, data) => {
      const { evaluation, run } = await evaluated(
        source,
        data,
        "evaluation.bootstrap.resamples=0",
      );
      assertEquals(evaluation.intervals, undefined);
      const place = run.evaluation("flickr8k-test");
      const { statistics: _, perplexity: __, ...old } = evaluation;
      const photos = (await place.readPhotos()).map(({ scores: _, ...photo }) => photo);
      await place.save(old, photos, { checkpoint: await run.bestDigest() });
      assertEquals(await new Run(run.folder).evaluation("flickr8k-test").read(), old);
    }),
});

Deno.test({
  name: "compareRuns() tests each score that both runs have on the same photos",
  ignore,
  fn: () =>
    inData(async (source, data) => {
      const a = await evaluated(source, data, "name=a");
      const b = await evaluated(source, data, "name=b", "training.seed=2");
      const figures = async () => {
        const runs = await Promise.all(["a", "b"].map((name) => findRun(data, name)));
        return (await compareRuns(runs[0], runs[1])).figures;
      };
      for (const { figure, before, after, test } of await figures()) {
        const isScore = figure.includes(" ");
        assertEquals(test !== undefined, isScore, figure);
        if (!isScore) continue;
        assertAlmostEquals(test!.difference, after! - before!, 1e-9);
        assert(test!.p > 0 && test!.p <= 1 && test!.low <= test!.high);
      }
      const cut = b.run.evaluation("flickr8k-test");
      const photos = await cut.readPhotos();
      const other = photos.map((photo) => ({ ...photo, references: ["another"] }));
      await cut.save(b.evaluation, other, { checkpoint: await b.run.bestDigest() });
      assert((await figures()).every(({ test }) => test === undefined));
      assert(a.evaluation.photos === 4);
    }),
});

Deno.test({
  name: "training.devScores reports what evaluate then finds on dev, and may choose the best epoch",
  ignore,
  fn: () =>
    inData(async (source, data) => {
      const { evaluation, run } = await evaluated(
        source,
        data,
        'training.devScores={"scores": ["bleu-1", "rouge-l", "cider-d"]}',
        "training.checkpoint.monitor=val_rouge-l",
        ...["training.epochs=3", "training.learningRate=0.05", "evaluation.split=dev"],
      );
      const history = await run.readHistory();
      const { bestEpoch } = await run.readTraining();
      const best = history[bestEpoch - 1];
      assertEquals(best["val_rouge-l"], Math.max(...history.map((line) => line["val_rouge-l"])));
      for (const name of ["bleu-1", "rouge-l", "cider-d"]) {
        assertAlmostEquals(best[`val_${name}`], evaluation.scores[name], 1e-12, name);
      }
    }),
});
