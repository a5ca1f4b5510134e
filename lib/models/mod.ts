export { type CaptionBatch, type Decoder, type DecoderState, parameterCount } from "./decoder.ts";
export { fittingWeights } from "./fitting_weights.ts";
export type { DecoderInputs } from "./merge.ts";
export { createDecoder } from "./registry.ts";
export {
  type BilstmDotSettings,
  bilstmDotSettings,
  type MergeSettings,
  mergeSettings,
  type ModelSettings,
  modelSettings,
} from "./settings.ts";
