import type { Config } from "../config/mod.ts";
import { isAddress, isOnnx, keptPath, onnxruntimeFolder } from "../encoders/mod.ts";
import { Run } from "../run/mod.ts";
import { datasetFolder } from "../stages/mod.ts";
import { exists } from "../storage/mod.ts";
import type { Check } from "./check.ts";
import { neededWeights } from "./weight_checks.ts";

/** Checks what the training of a config needs: what has to be there, and what it will make. */
export async function configChecks(config: Config, data: string): Promise<Check[]> {
  const run = Run.named(config.name, data);
  const prepared = datasetFolder({ config, data });
  return [
    await sourceCheck(config),
    await photosEncodedBy(config),
    ...await onnxruntimeCheck(config),
    made("prepared data", prepared, await exists(prepared), "deno task prepare"),
    made("trained run", run.folder, await run.isComplete(), "deno task train"),
  ];
}

/** The data set's own files. */
async function sourceCheck({ dataset }: Config): Promise<Check> {
  const source = "source" in dataset ? dataset.source : undefined;
  const check = { what: "data set", needed: true, state: "found" } as const;
  if (typeof source !== "string") {
    return { ...check, detail: `${dataset.kind} makes its own photos` };
  }
  if (await exists(source)) return { ...check, detail: `${dataset.kind} in ${source}` };
  return {
    ...check,
    state: "missing",
    detail: `there is no ${source}, where the config has ${dataset.kind}`,
    fix: `put the data set there, or name its place by --dataset.source=PATH`,
  };
}

/** A file of features, or the encoder's weights. */
async function photosEncodedBy({ encoder }: Config): Promise<Check> {
  const { kind, features } = encoder;
  const check = { what: "encoder", needed: true, state: "found" } as const;
  if (features !== undefined) return await fileCheck("encoder.features", features);
  if (!("weights" in encoder)) return { ...check, detail: kind };
  const { weights } = encoder;
  if (isOnnx(encoder) && isAddress(weights)) {
    const path = keptPath(weights);
    const detail = `${weights} is downloaded when photos are first encoded`;
    return await exists(path)
      ? { ...check, detail: path }
      : { ...check, what: "encoder onnx", needed: false, state: "not yet", detail };
  }
  if (weights === "imagenet") return { ...await neededWeights(encoder), what: `encoder ${kind}` };
  if (weights === "builtin" || weights === "random") {
    return { ...check, detail: `${kind} with ${weights} weights` };
  }
  return await fileCheck("encoder.weights", weights);
}

/** The package that encoders in ONNX files need. */
async function onnxruntimeCheck({ encoder }: Config): Promise<Check[]> {
  if (!isOnnx(encoder) || encoder.features !== undefined) return [];
  const folder = onnxruntimeFolder();
  const check = { what: "onnxruntime", needed: false };
  return await exists(folder) ? [{ ...check, state: "found", detail: folder }] : [{
    ...check,
    state: "not yet",
    detail: "`deno task setup --onnx` downloads it; so does the first task that needs it",
  }];
}

async function fileCheck(key: string, file: string): Promise<Check> {
  const check = { what: key, needed: true, state: "found" } as const;
  if (await exists(file)) return { ...check, detail: file };
  return {
    ...check,
    state: "missing",
    detail: `there is no ${file}`,
    fix: `put the file there, or name another by --${key}=FILE`,
  };
}

/** What a task makes. */
function made(what: string, path: string, isThere: boolean, task: string): Check {
  return isThere
    ? { what, state: "found", detail: path, needed: false }
    : { what, state: "not yet", detail: `\`${task}\` makes it, in ${path}`, needed: false };
}
