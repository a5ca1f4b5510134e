import { bfloat16Speed } from "../bfloat16_speed.ts";
import type { Engine, EngineListener } from "../engine.ts";
import { findGpu } from "../find_gpu.ts";
import { describeGpu, type Gpu } from "../gpu.ts";
import { installedLibrary } from "../installed_library.ts";
import { readProcessor } from "../processor.ts";
import { downloadLibrary } from "../download_library.ts";
import { installBackend } from "./backend.ts";
import { tensorflowFusedOps } from "./fused_ops.ts";
import { openBest, type Opened, openNamed } from "./choose_library.ts";
import { resourceAdamFactory } from "./resource_adam.ts";

/**
 * Loads a TensorFlow library, downloaded first if none is found, and starts TF.js on it.
 *
 * @throws {Error} if none loads, with the reason
 */
export async function startTensorFlow({ say, signal }: EngineListener): Promise<Engine> {
  const gpu = findGpu();
  if (gpu !== undefined) useDeterministicKernels();
  const named = Deno.env.get("SHOWTELL_TENSORFLOW") ? await openNamed(gpu, { signal }) : undefined;
  const { binding, candidate } = named ??
    await openBest(gpu, { say, signal }) ?? await download(gpu, { say, signal });
  const backend = await installBackend(binding);
  const gpus = binding.devices.filter((device) => device.type === "GPU").length;
  if (gpus === 0 && gpu !== undefined && gpu.names.length > 0 && gpu.problem === undefined) {
    say(
      `${describeGpu(gpu)} is not used, as this TensorFlow library does not see it; ` +
        "`deno task doctor` tells how to change that",
    );
  }
  return {
    name: "tensorflow",
    description: `TensorFlow ${binding.TF_Version} from ${candidate.origin}, ` +
      (gpus > 0 ? `${gpus} GPU${gpus > 1 ? "s" : ""}` : "CPU"),
    gpu: gpus > 0,
    fused: tensorflowFusedOps(
      backend,
      gpus > 0,
      () => bfloat16Speed(readProcessor(), gpus > 0 ? gpu ?? {} : undefined),
    ),
    optimizer: resourceAdamFactory(backend),
  };
}

/**
 * Lets a GPU repeat its bits: otherwise two trainings from one seed differ. TensorFlow reads the
 * variable when it first needs it; a user's own value stays.
 */
function useDeterministicKernels(): void {
  const name = "TF_DETERMINISTIC_OPS";
  if (Deno.env.get(name) === undefined) Deno.env.set(name, "1");
}

/** The library that setup downloads now. */
async function download(gpu: Gpu | undefined, listener: EngineListener): Promise<Opened> {
  const none = "No TensorFlow library works on this machine";
  if (installedLibrary(false) !== undefined) throw new Error(none); // each has said why
  await downloadLibrary(listener);
  const opened = await openBest(gpu, listener);
  if (opened === undefined) throw new Error(none);
  return opened;
}
