/**
 * The part of this room that also runs in a browser: networks, plans, encoding; no files.
 *
 * @module
 */
export { type Architecture, buildModel, type LayerSpec } from "./architectures/architecture.ts";
export type {
  OfficialFile,
  OfficialWeights,
  PackagedWeights,
} from "./architectures/architecture.ts";
export type { Encoder } from "./encoder.ts";
export { InferencePlan } from "./plan/inference_plan.ts";
export { loadWeights } from "./weights/load_weights.ts";
export { PlannedEncoder } from "./plan/planned_encoder.ts";
export type { Preprocessing } from "./architectures/preprocessing.ts";
export { initialiseRandomly } from "./weights/random_weights.ts";
export { featureShapeOf, layersOfShape } from "./architectures/feature_shape.ts";
export { architectures } from "./architectures/registry.ts";
export type { SourceLayer, WeightSource } from "./weights/weight_source.ts";
