/**
 * Caption decoders: features and the words so far to the next word. Each is one file with its
 * settings, and one line in the registry. Runs in a browser as well.
 *
 * @module
 */
export {
  allowedWords,
  IMPOSSIBLE,
  type MarkedVocabulary,
  type Markers,
  markersOf,
} from "./allowed_words.ts";
export type { AttentionSettings, AttentionSettingsInput } from "./attention.ts";
export {
  type BilstmDotSettings,
  bilstmDotSettings,
  type BilstmDotSettingsInput,
} from "./bilstm_dot.ts";
export type { CaptionBatch } from "./caption_batch.ts";
export {
  type AddLoss,
  type Decoder,
  type DecoderInputs,
  type DecoderStart,
  type DecoderState,
  type DecoderStep,
  type LookedAt,
  parameterCount,
} from "./decoder.ts";
export { DecoderRows, type DecoderSteps } from "./decoder_rows.ts";
export { type CaptionDecoder, type Ensemble, type EnsembleMember, ensembleOf } from "./ensemble.ts";
export { fittingWeights } from "./fitting_weights.ts";
export type { ImageActivation, ImageScale } from "./image_layer.ts";
export type { InitInjectSettings, InitInjectSettingsInput } from "./init_inject.ts";
export { type MergeSettings, mergeSettings, type MergeSettingsInput } from "./merge.ts";
export type { Padding } from "./padded_words.ts";
export type { ParInjectSettings, ParInjectSettingsInput } from "./par_inject.ts";
export type { RecurrentSettings } from "./recurrent_settings.ts";
export {
  createDecoder,
  type ModelSettings,
  modelSettings,
  type ModelSettingsInput,
  type SchemaOfAny,
} from "./registry.ts";
export type { TransformerSettings } from "./transformer.ts";
export { type FeatureLayers, tunedDecoder } from "./tuned_decoder.ts";
