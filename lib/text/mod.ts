/**
 * Captions to words and indices: cleaning, vocabulary, tokenizer. Runs in a
 * browser as well.
 *
 * @module
 */
export {
  type CaptionFrame,
  type CountedFrame,
  findFrames,
  type FoundFrames,
  withoutFrame,
} from "./caption_frame.ts";
export { cleaner, type Cleaning, type CleaningPreset, cleaningPresets } from "./cleaning.ts";
export {
  type CleaningStep,
  type CleaningStepName,
  cleaningSteps,
  KERAS_FILTERS,
} from "./cleaning_steps.ts";
export { counted } from "./counted.ts";
export { decodeUtf8 } from "./decode_utf8.ts";
export { likelyMarker } from "./likely_marker.ts";
export { markdownTable } from "./markdown_table.ts";
export { JsonError, parseJson } from "./parse_json.ts";
export { nearName, nearNames } from "./near_names.ts";
export { fitTokenizer } from "./fit_tokenizer.ts";
export { tokenizerFromKeras, tokenizerToKeras } from "./keras_conversion.ts";
export { KerasTokenizer, type KerasTokenizerOptions } from "./keras_tokenizer.ts";
export {
  type Markers,
  type TextSettings,
  textSettings,
  type TextSettingsInput,
} from "./settings.ts";
export { type CaptionStatistics, describeCaptions } from "./statistics.ts";
export {
  Tokenizer,
  type TokenizerParts,
  type TokenizerSize,
  type VocabularyWord,
} from "./tokenizer.ts";
export { schemaProblem } from "./schema_problem.ts";
export { listSome, shorten } from "./shorten.ts";
export { tokenizerFromJson, tokenizerToJson } from "./tokenizer_json.ts";
export { shellWord } from "./shell_word.ts";
export { joinWords } from "./unspaced_scripts.ts";
export { visible, visibleJson, visibleLines } from "./visible.ts";
export { wordList } from "./word_list.ts";
