/**
 * Caption decoders: features and the words so far to the next word. Each is one file with its
 * settings, and one line in the registry. Runs in a browser as well.
 *
 * @module
 */
export { allowedWords, IMPOSSIBLE, type Markers, markersOf } from "./allowed_words.ts";
export { type BilstmDotSettings, bilstmDotSettings } from "./bilstm_dot.ts";
export type { CaptionBatch } from "./caption_batch.ts";
export {
  type Decoder,
  type DecoderInputs,
  type DecoderState,
  type DecoderStep,
  parameterCount,
} from "./decoder.ts";
export { fittingWeights } from "./fitting_weights.ts";
export { type MergeSettings, mergeSettings } from "./merge.ts";
export { createDecoder, type ModelSettings, modelSettings } from "./registry.ts";
