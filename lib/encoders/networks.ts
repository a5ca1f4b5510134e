/**
 * The part of this room that also runs in a browser: networks, plans, encoding; no files.
 *
 * @module
 */
export { type Architecture, buildModel, type LayerSpec } from "./architecture.ts";
export type { OfficialFile, OfficialWeights } from "./architecture.ts";
export type { Encoder } from "./encoder.ts";
export { InferencePlan } from "./inference_plan.ts";
export { loadWeights } from "./load_weights.ts";
export { PlannedEncoder } from "./planned_encoder.ts";
export type { Preprocessing } from "./preprocessing.ts";
export { initialiseRandomly } from "./random_weights.ts";
export { architectures } from "./registry.ts";
export type { SourceLayer, WeightSource } from "./weight_source.ts";
