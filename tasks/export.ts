import { Option } from "commander";
import { experimentArguments, printJson, printTable, runTask } from "../lib/cli/mod.ts";
import { exportRun } from "../lib/stages/mod.ts";
import { showBytes } from "../lib/storage/mod.ts";

await runTask(async (task) => {
  const { experiment, options } = await experimentArguments(
    "export",
    "Writes a trained run for Keras, or for a web page.",
    task,
    (command) =>
      command.requiredOption("--run <run>", "the trained run: its name, or its folder")
        .addOption(
          new Option(
            "--format <format>",
            "keras: .keras for Keras 3; h5: .h5 for Keras 2 and 3; tfjs: a folder for a web page",
          ).choices(["keras", "h5", "tfjs"]).makeOptionMandatory(),
        )
        .option("--output <folder>", "folder to create (default: data/exports/RUN-FORMAT)")
        .option("--overwrite", "replace an existing export of that name", false)
        .option("--without-encoder", "tfjs: leave out the encoder's network", false),
    ["encoder.weights"],
  );
  const exported = await exportRun(experiment, {
    run: options.run as string,
    format: options.format as "keras" | "h5" | "tfjs",
    output: options.output as string | undefined,
    overwrite: options.overwrite as boolean,
    withoutEncoder: options.withoutEncoder as boolean,
  });
  task.progress.finish();
  if (options.json) printJson(exported);
  else {
    printTable([
      ["folder", exported.output],
      ["format", exported.format],
      ["size", showBytes(exported.bytes)],
    ]);
  }
});
