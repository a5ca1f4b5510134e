export {
  type CaptionBatch,
  type Decoder,
  type DecoderState,
  parameterCount,
  type Weights,
  type WeightTensors,
} from "./decoder.ts";
export type { FusedOps } from "./fused_ops.ts";
export { dropout, linearCrossEntropy, lstm, lstmStep } from "./layers.ts";
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
