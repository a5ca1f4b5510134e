/**
 * Reads and writes Keras' files: tokenizers, features and models.
 *
 * @module
 */
export { decoderGraph, type DecoderGraphOptions } from "./decoder_graph.ts";
export type { ImportedModel } from "./keras/imported_model.ts";
export { type KerasModelOptions, readKerasModel } from "./keras/read_keras_model.ts";
export type { FeatureEntry, FeaturesFile } from "./feature_files/features_file.ts";
export { checkNumbers } from "./feature_files/check_numbers.ts";
export { openFeaturesFile } from "./feature_files/open_features_file.ts";
export { type AskedMarkers, findMarkers, type FoundMarkers } from "./find_markers.ts";
export { sameTokenizer } from "./same_tokenizer.ts";
export {
  type ImportedTokenizer,
  importTokenizer,
  type TokenizerOptions,
} from "./import_tokenizer.ts";
export type { TokenizerFile } from "./tokenizer_file.ts";
export {
  type FeaturesSummary,
  type FileOf,
  type RecognisedFile,
  recogniseFile,
} from "./recognise_file.ts";
export type { ExportedNetwork, ExportedRun, ExportedScores } from "./export/exported_run.ts";
export { readWordVectors, type WordVectors } from "./word_vectors.ts";
export type { ExportFormat } from "./export/model_card.ts";
export { writeKerasExport, writeWebExport } from "./export/write_export.ts";
