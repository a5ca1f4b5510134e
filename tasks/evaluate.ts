import { evaluationRows, experimentArguments, printTable, runTask } from "../lib/cli/mod.ts";
import { Run } from "../lib/run/mod.ts";
import { evaluateRun } from "../lib/stages/mod.ts";

await runTask(async (task) => {
  const { experiment, options } = await experimentArguments(
    "evaluate",
    "Captions the photos of a split that training never saw, and scores the captions.",
    task,
    (command) =>
      command.requiredOption(
        "--run <folder>",
        "the run; its config is used unless --config is given",
      ),
  );
  const { path, evaluation } = await evaluateRun(experiment, new Run(options.run as string));
  task.progress.finish();
  if (options.json) console.log(JSON.stringify(evaluation));
  else {
    printTable([
      ["evaluation", path],
      ...evaluationRows(evaluation),
    ]);
  }
}, { resumes: true });
