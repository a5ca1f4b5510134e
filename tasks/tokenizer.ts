import { experimentArguments, printJson, printTable, runTask } from "../lib/cli/mod.ts";
import { throughTokenizer } from "../lib/stages/mod.ts";

await runTask(async (task) => {
  const { experiment, options } = await experimentArguments(
    "tokenizer",
    "Builds the vocabulary and the tokenizer of a run from its captions.",
    task,
    (command) => command.option("--overwrite", "delete an existing run of this name first", false),
    ["dataset", "text"],
  );
  const { run, tokenizer } = await throughTokenizer(experiment, {
    overwrite: options.overwrite === true,
  });
  task.progress.finish();
  const { vocabulary, longest, pairs } = tokenizer.measure();
  if (options.json) printJson({ vocabulary, longest, pairs });
  else {
    printTable([
      ["run", run.folder],
      ["vocabulary", vocabulary],
      ["longest caption", longest],
      ["(prefix, word) pairs", pairs],
    ]);
  }
}, { resumes: true });
