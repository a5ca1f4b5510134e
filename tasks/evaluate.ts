import {
  evaluationRows,
  experimentArguments,
  printJson,
  printTable,
  runTask,
} from "../lib/cli/mod.ts";
import { RunEnsemble } from "../lib/run/mod.ts";
import { evaluateRun, evaluateRuns, throughEvaluation } from "../lib/stages/mod.ts";

await runTask(async (task) => {
  const { experiment, options, runs } = await experimentArguments(
    "evaluate",
    "Captions the photos of a split that training never saw, and scores the captions.",
    task,
    (command) =>
      command.option(
        "--run <run>",
        "a trained run, by name or folder; its config is used unless --config is given; several: " +
          "they caption together, by the mean of their next-word probabilities " +
          "(default: the config's own run, trained first where it is not)",
        (run: string, runs: string[] = []) => [...runs, run],
      ),
    ["dataset", "encoder.features", "decoding", "evaluation"],
  );
  const evaluated = runs.length === 0
    ? (await throughEvaluation(experiment)).evaluated
    : runs.length === 1
    ? await evaluateRun(experiment, runs[0])
    : await evaluateRuns(experiment, new RunEnsemble(runs, experiment.data));
  if (evaluated === null) throw new Error("There is no photo that training did not see");
  const { path, evaluation } = evaluated;
  task.progress.finish();
  if (options.json) printJson(evaluation);
  else {
    printTable([
      ["evaluation", path],
      ...evaluationRows(evaluation),
    ]);
  }
}, { resumes: true });
