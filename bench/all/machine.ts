import os from "node:os";
import { inspectEngine } from "../../lib/engine/mod.ts";
import type { Setting } from "./results.ts";

/** This machine, and the library that the engine would take. */
export async function describeMachine(): Promise<Setting["machine"]> {
  const { chosen } = await inspectEngine();
  return {
    processor: os.cpus()[0]?.model.trim() ?? "unknown processor",
    cores: os.cpus().length,
    memoryGigabytes: Math.round(os.totalmem() / 1e9),
    library: chosen === undefined ? "WASM" : `TensorFlow ${chosen.version}`,
  };
}
