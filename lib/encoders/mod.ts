export {
  type Architecture,
  buildModel,
  type LayerSpec,
  type OfficialFile,
  type OfficialWeights,
} from "./architecture.ts";
export { createEncoder, type EncoderOptions } from "./create_encoder.ts";
export type { Encoder } from "./encoder.ts";
export { InferencePlan } from "./inference_plan.ts";
export { type LoadOptions, loadWeights } from "./load_weights.ts";
export type { Preprocessing } from "./preprocessing.ts";
export { architectures } from "./registry.ts";
export { type EncoderSettings, encoderSettings } from "./settings.ts";
export type { SourceLayer, WeightSource } from "./weight_source.ts";
export { initialiseRandomly } from "./random_weights.ts";
