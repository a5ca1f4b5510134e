import {
  evaluationRows,
  experimentArguments,
  printJson,
  printTable,
  runTask,
} from "../lib/cli/mod.ts";
import { Run } from "../lib/run/mod.ts";
import { evaluateRun, throughEvaluation } from "../lib/stages/mod.ts";

await runTask(async (task) => {
  const { experiment, options } = await experimentArguments(
    "evaluate",
    "Captions the photos of a split that training never saw, and scores the captions.",
    task,
    (command) =>
      command.option(
        "--run <run>",
        "a trained run, by name or folder; its config is used unless --config is given " +
          "(default: the config's own run, trained first where it is not)",
      ),
    ["dataset", "encoder.features", "decoding", "evaluation"],
  );
  const evaluated = options.run === undefined
    ? (await throughEvaluation(experiment)).evaluated
    : await evaluateRun(experiment, new Run(options.run as string));
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
