export type { Callback, Logs, TrainingControl, Weights } from "./callback.ts";
