import { printErrorLine, printJson, printLine, runTask, taskCommand } from "../lib/cli/mod.ts";
import { setup } from "../lib/engine/mod.ts";

await runTask(async ({ argv, signal }) => {
  const command = taskCommand(
    "setup",
    "Downloads TensorFlow's native library, pinned by version and hash, once per user.",
  ).option("--gpu", "the CUDA build with the libraries it needs (Linux x86-64)", false)
    .option("--json", "print one JSON document on standard output", false)
    .parse(argv, { from: "user" });
  const { gpu, json } = command.opts();
  const folder = await setup({ gpu, signal, say: printErrorLine });
  if (json) printJson({ folder });
  else printLine(folder);
});
