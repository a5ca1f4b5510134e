import type { Listener } from "../../progress/mod.ts";
import type { Engine } from "../engine.ts";
import { setup } from "../setup.ts";
import { installBackend } from "./backend.ts";
import { tensorflowFusedOps } from "./fused_ops.ts";
import { loadBest, loadNamed } from "./load_library.ts";
import { resourceAdamFactory } from "./resource_adam.ts";

/**
 * Loads a TensorFlow library, downloaded first if none is found, and starts TF.js on it.
 *
 * @throws {Error} if none loads, with the reason
 */
export async function startTensorFlow(say: Required<Listener>["say"]): Promise<Engine> {
  let loaded = Deno.env.get("SHOWTELL_TENSORFLOW") ? loadNamed() : loadBest(say);
  if (loaded === undefined) {
    await setup({ say });
    loaded = loadBest(say);
  }
  if (loaded === undefined) {
    throw new Error("The TensorFlow library that was downloaded does not load");
  }
  const { binding, candidate } = loaded;
  const backend = await installBackend(binding);
  const gpus = binding.devices.filter((device) => device.type === "GPU").length;
  return {
    name: "tensorflow",
    description: `TensorFlow ${binding.TF_Version} from ${candidate.origin}, ` +
      (gpus > 0 ? `${gpus} GPU${gpus > 1 ? "s" : ""}` : "CPU"),
    gpu: gpus > 0,
    fused: tensorflowFusedOps(backend),
    optimizer: resourceAdamFactory(backend),
  };
}
