import { join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { compareRuns, findRun, RunEnsemble } from "../../lib/run/mod.ts";
import { evaluateRuns, throughEvaluation } from "../../lib/stages/mod.ts";
import { assert, assertEquals, assertRejects, assertThrows } from "../assert.ts";
import { granted } from "../permissions.ts";
import { madeExperiment, makeSource } from "./made_experiment.ts";

const ignore = !granted("read", "write", "ffi", "env", "sys");

Deno.test({
  name: "evaluateRuns() records an ensemble beside its runs, which compareRuns() compares with one",
  ignore,
  async fn() {
    await tf.setBackend("cpu");
    const folder = await Deno.makeTempDir({ prefix: "showtell-test-" });
    const [source, data] = [join(folder, "source"), join(folder, "data")];
    try {
      await makeSource(source);
      const trained = async (...overrides: string[]) => {
        const experiment = await madeExperiment(source, data, overrides);
        return { experiment, ...await throughEvaluation(experiment) };
      };
      const a = await trained("name=a");
      const b = await trained("name=b", "training.seed=2");
      const ensemble = new RunEnsemble([b.run, a.run], data);
      assertEquals(ensemble.name, "a+b");
      const record = await Deno.readTextFile(a.evaluated!.path);
      const { evaluation, path } = await evaluateRuns(a.experiment, ensemble);
      assertEquals(evaluation.runs, await ensemble.members());
      assertEquals(evaluation.photos, 4);
      assert(path !== a.evaluated!.path && evaluation.perplexity === undefined);
      assertEquals(await Deno.readTextFile(a.evaluated!.path), record);
      await evaluateRuns(a.experiment, ensemble);
      assert(a.experiment.lines.some((line) => line === `The evaluation is done: ${path}`));
      const { figures } = await compareRuns(await findRun(data, "a"), await ensemble.describe());
      const score = figures.find(({ figure }) => figure === "flickr8k-test cider-d")!;
      assertEquals(score.after, evaluation.scores["cider-d"]);
      assert(score.test !== undefined);

      const other = await trained("name=other", "text.minCount=100");
      await assertRejects(
        () => evaluateRuns(a.experiment, new RunEnsemble([a.run, other.run], data)),
        RangeError,
        "as their words differ: index",
      );
      assertThrows(() => new RunEnsemble([a.run, a.run], data), RangeError, "both called a");
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
