import { experimentArguments, printTable, runTask } from "../lib/cli/mod.ts";
import { throughTokenizer } from "../lib/stages/mod.ts";

await runTask(async (argv, signal) => {
  const { experiment, options, finish } = await experimentArguments(
    "tokenizer",
    "Builds the vocabulary and the tokenizer of a run from its captions.",
    argv,
    signal,
    (command) => command.option("--overwrite", "delete an existing run of this name first", false),
  );
  const { run, tokenizer } = await throughTokenizer(experiment, {
    overwrite: options.overwrite === true,
  });
  finish();
  const { vocabulary, longest, pairs } = tokenizer.measure();
  if (options.json) console.log(JSON.stringify({ vocabulary, longest, pairs }));
  else {
    printTable([
      ["run", run.folder],
      ["vocabulary", vocabulary],
      ["longest caption", longest],
      ["(prefix, word) pairs", pairs],
    ]);
  }
});
