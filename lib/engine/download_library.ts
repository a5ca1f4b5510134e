import { runSetup } from "../packages/mod.ts";
import type { EngineListener } from "./engine.ts";

/**
 * Downloads TensorFlow's library by the task `setup`, in a process of its own: no other may write it.
 *
 * @throws {Error} if it fails, with its reason
 */
export async function downloadLibrary(listener: EngineListener): Promise<void> {
  await runSetup({
    args: [],
    missing: "No TensorFlow library is found",
    otherwise: "name a library by SHOWTELL_TENSORFLOW, or set SHOWTELL_ENGINE=wasm",
  }, listener);
}
