import { evaluationRows, experimentArguments, printTable, runTask } from "../lib/cli/mod.ts";
import { evaluate, NoUnseenPhotosError, train } from "../lib/stages/mod.ts";

await runTask(async (argv, signal) => {
  const { experiment, options, finish } = await experimentArguments(
    "train",
    "Trains a caption generator: runs whatever stages are missing, trains, evaluates.",
    argv,
    signal,
    (command) =>
      command
        .option("--overwrite", "delete the run of this name and start anew", false)
        .option("--from <run>", "start from a run's weights, with its tokenizer and model"),
  );
  const engine = await experiment.engine();
  experiment.say(`Engine: ${engine.description}`);
  const trained = await train(experiment, { overwrite: options.overwrite === true });
  const evaluation = await evaluate(experiment, trained.run).then(
    ({ evaluation }) => evaluation,
    (error) => {
      if (!(error instanceof NoUnseenPhotosError)) throw error;
      experiment.say(`No scores: ${error.message}`);
      return null;
    },
  );
  finish();
  const { run, parameters, epochs, bestEpoch, unigramLoss, wordsPerSecond } = trained;
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
});
