import {
  evaluationRows,
  experimentArguments,
  nextSteps,
  printJson,
  printLine,
  printTable,
  runTask,
  splitOverrides,
} from "../lib/cli/mod.ts";
import { sampleCaptions, throughEvaluation } from "../lib/stages/mod.ts";

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
  const trained = await throughEvaluation(experiment, { overwrite: options.overwrite === true });
  const { run: { folder: run }, evaluated } = trained;
  const evaluation = evaluated?.evaluation ?? null;
  task.progress.finish();
  const { parameters, epochs, bestEpoch, unigramLoss, wordsPerSecond } = trained;
  if (options.json) {
    const summary = { run, parameters, epochs, bestEpoch, unigramLoss, wordsPerSecond };
    printJson({ ...summary, evaluation });
    return;
  }
  const samples = await sampleCaptions(experiment, trained);
  printTable([
    ["run", run],
    ["parameters", parameters],
    ["epochs", epochs],
    ["best epoch", bestEpoch],
    ["words/s in training", Math.round(wordsPerSecond)],
    ...evaluation === null ? [] : evaluationRows(evaluation),
  ]);
  printLine();
  const isChanged = splitOverrides(task.argv).overrides.length > 0 ||
    ["name", "published", "from"].some((name) => options[name]);
  const config = isChanged ? undefined : String(options.config);
  const lastIsBest = bestEpoch === epochs;
  for (const line of nextSteps({ run, config, samples, lastIsBest, epochs })) printLine(line);
}, { resumes: true });
