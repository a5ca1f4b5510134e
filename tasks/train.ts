import { evaluationRows, experimentArguments, printTable, runTask } from "../lib/cli/mod.ts";
import { throughEvaluation } from "../lib/stages/mod.ts";

await runTask(async (task) => {
  const { experiment, options } = await experimentArguments(
    "train",
    "Trains a caption generator: runs the stages that are missing, trains, evaluates.",
    task,
    (command) =>
      command
        .option("--overwrite", "delete an existing run of this name first", false)
        .option(
          "--from <run>",
          "start from the weights of a run (name or folder), with its tokenizer and model",
        ),
  );
  const engine = await experiment.engine();
  experiment.say(`Engine: ${engine.description}`);
  const { run: { folder: run }, evaluated, ...trained } = await throughEvaluation(experiment, {
    overwrite: options.overwrite === true,
  });
  const evaluation = evaluated?.evaluation ?? null;
  task.progress.finish();
  const { parameters, epochs, bestEpoch, unigramLoss, wordsPerSecond } = trained;
  if (options.json) {
    const summary = { run, parameters, epochs, bestEpoch, unigramLoss, wordsPerSecond };
    console.log(JSON.stringify({ ...summary, evaluation }));
    return;
  }
  printTable([
    ["run", run],
    ["parameters", parameters],
    ["epochs", epochs],
    ["best epoch", bestEpoch],
    ["words/s in training", Math.round(wordsPerSecond)],
    ...evaluation === null ? [] : evaluationRows(evaluation),
  ]);
}, { resumes: true });
