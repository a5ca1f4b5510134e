export type { Callback, Logs, TrainingControl } from "./callback.ts";
export type { AdamSettings, Optimizer, OptimizerFactory } from "./optimizer.ts";
export type { Weights } from "../models/mod.ts";
