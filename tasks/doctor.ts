import { runTask, taskCommand } from "../lib/cli/mod.ts";
import { examine } from "../lib/doctor/mod.ts";

await runTask(async ({ argv }) => {
  const command = taskCommand(
    "doctor",
    "Lists what is found, what is missing, and the one command that fixes it. " +
      "Exits 0 if training can run.",
  ).option("--json", "print one JSON document on standard output", false)
    .parse(argv, { from: "user" });
  const checks = await examine("data");
  const canTrain = !checks.some(({ needed, state }) => needed && state === "missing");
  if (command.opts().json) {
    console.log(JSON.stringify({ deno: Deno.version.deno, canTrain, checks }));
  } else {
    const width = Math.max(...checks.map(({ what }) => what.length));
    for (const { state, what, detail, fix } of checks) {
      console.log(`${state.padEnd(7)}  ${what.padEnd(width)}  ${detail}`);
      if (fix !== undefined) console.log(`${" ".repeat(11 + width)}fix: ${fix}`);
    }
    console.log(`\nTraining ${canTrain ? "can" : "cannot"} run (Deno ${Deno.version.deno}).`);
  }
  if (!canTrain) Deno.exit(1);
});
