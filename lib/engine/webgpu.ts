import * as tf from "@tensorflow/tfjs";
import { plainAdam } from "../nn/mod.ts";
import type { Engine } from "./engine.ts";

/**
 * Starts TF.js on WebGPU.
 *
 * @throws {Error} if the machine has no adapter that TF.js can use
 */
export async function startWebGpu(): Promise<Engine> {
  await import("@tensorflow/tfjs-backend-webgpu");
  if (!await tf.setBackend("webgpu").catch(() => false)) {
    throw new Error("No WebGPU adapter that TF.js can use was found: set SHOWTELL_ENGINE=auto");
  }
  return { name: "webgpu", description: "TF.js on WebGPU", gpu: true, optimizer: plainAdam };
}
