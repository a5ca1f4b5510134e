import * as tf from "@tensorflow/tfjs";
import { plainAdam } from "../nn/mod.ts";
import type { Engine } from "./engine.ts";

/**
 * Puts TF.js on WebGPU.
 *
 * @throws {Error} if there is no adapter
 */
export async function startWebGpu(): Promise<Engine> {
  await import("@tensorflow/tfjs-backend-webgpu");
  if (!await tf.setBackend("webgpu").catch(() => false)) {
    throw new Error("There is no WebGPU adapter that TF.js could use; set SHOWTELL_ENGINE=auto");
  }
  return { name: "webgpu", description: "TF.js on WebGPU", gpu: true, optimizer: plainAdam };
}
