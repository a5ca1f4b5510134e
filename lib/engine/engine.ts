import type { FusedOps, OptimizerFactory } from "../nn/mod.ts";

/** What TF.js computes on. */
export interface Engine {
  /** TF.js' name of the backend. */
  name: "tensorflow" | "wasm" | "webgpu";
  /** One line for people: library, version, where it came from, devices. */
  description: string;
  /** Whether a GPU does the work. */
  gpu: boolean;
  /** Operations that TF.js itself does not have; absent where the plain way is all there is. */
  fused?: FusedOps;
  /** Adam by the engine's fastest way. */
  optimizer: OptimizerFactory;
}
