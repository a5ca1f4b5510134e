import {
  printJson,
  printLine,
  runTask,
  splitOverrides,
  taskCommand,
  terminalColumns,
  wrapIndented,
} from "../lib/cli/mod.ts";
import { configKeys, DEFAULT_CONFIG, loadConfig } from "../lib/config/mod.ts";
import { examine } from "../lib/doctor/mod.ts";
import { visible } from "../lib/text/mod.ts";

await runTask(async ({ argv }) => {
  const { overrides, rest } = splitOverrides(argv);
  const command = taskCommand(
    "doctor",
    "Lists what is found and what is missing for the training of a config, and what fixes it. " +
      "Exits 0 if training can run.",
    configKeys,
  ).option(
    "--config <config>",
    "the config that is to be trained; its keys by --KEY=VALUE",
    DEFAULT_CONFIG,
  )
    .option("--json", "print one JSON document on standard output", false);
  command.parse(rest, { from: "user" });
  const { config: file, json } = command.opts();
  const groups = await examine(await loadConfig({ file, overrides }), "data");
  const checks = groups.flatMap(({ group, checks }) =>
    checks.map((check) => ({ group, ...check }))
  );
  const missing = checks.filter(({ needed, state }) => needed && state === "missing");
  const canTrain = missing.length === 0;
  if (json) {
    printJson({ deno: Deno.version.deno, canTrain, checks });
  } else {
    const columns = terminalColumns();
    const width = Math.max(...checks.map(({ what }) => what.length));
    for (const { group, checks } of groups) {
      printLine(`${group}:`);
      for (const { state, what, detail, fix } of checks) {
        const lines = [detail, ...fix === undefined ? [] : [`fix: ${fix}`]].map(visible);
        const head = `  ${state.padEnd(7)}  `;
        const indent = " ".repeat(head.length + width + 2);
        const besides = lines.map((line) => `${indent}${line}`);
        if (besides.every((line) => line.length <= columns)) {
          const [first, ...others] = besides;
          printLine(head + what.padEnd(width + 2) + first.trimStart());
          for (const line of others) printLine(line);
        } else { // below, as there is not enough room beside it
          printLine(head + what);
          const below = lines.map((line) => " ".repeat(head.length + 2) + line);
          for (const line of wrapIndented(below.join("\n"), columns).split("\n")) printLine(line);
        }
      }
      printLine();
    }
    const why = missing.map(({ what }) => what).join(", ");
    printLine(
      canTrain
        ? `Training can run (Deno ${Deno.version.deno}). What is not there yet is made when needed.`
        : `Training cannot run: ${why} first (Deno ${Deno.version.deno}).`,
    );
  }
  if (!canTrain) Deno.exit(1);
});
