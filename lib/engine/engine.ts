import type { Listener } from "../progress/mod.ts";
import type { FusedOps, OptimizerFactory } from "../nn/mod.ts";

/** An engine that TF.js computes on. */
export interface Engine {
  /** TF.js' name of the backend. */
  name: "tensorflow" | "wasm";
  /** One line for the user: library, version, origin, devices. */
  description: string;
  /** Whether a GPU does the work. */
  gpu: boolean;
  /** Fused operations that TF.js itself lacks; absent if the engine has none. */
  fused?: FusedOps;
  /** The engine's fastest Adam. */
  optimizer: OptimizerFactory;
}

/** Who hears what an engine's start does, and may end a download. */
export type EngineListener = Required<Pick<Listener, "say">> & Pick<Listener, "signal">;
