import os from "node:os";
import { inspectEngine, seesGpu } from "../../lib/engine/mod.ts";
import { readProcessor } from "../../lib/engine/processor.ts";
import type { Setting } from "./results.ts";

/** This machine, and the library that the engine would take. */
export async function describeMachine(): Promise<Setting["machine"]> {
  const { chosen, gpu } = await inspectEngine();
  const onGpu = chosen !== undefined && seesGpu(chosen) ? ` on ${gpu ?? "a GPU"}` : "";
  const { name = os.cpus()[0]?.model.trim() ?? "unknown processor", extensions = [] } =
    readProcessor();
  return {
    processor: extensions.length > 0 ? `${name} with ${extensions.join(", ")}` : name,
    cores: os.cpus().length,
    memoryGigabytes: Math.round(os.totalmem() / 1e9),
    library: chosen === undefined ? "WASM" : `TensorFlow ${chosen.version}${onGpu}`,
  };
}
