/**
 * Features to captions: greedy and beam search.
 *
 * @module
 */
export { beamSearch, beamSearchAsync } from "./beam_search.ts";
export type { DecodedCaption } from "./hypotheses.ts";
export type { SearchListener } from "./search_listener.ts";
export type { SearchSettings } from "./search_steps.ts";
export {
  type ConsensusSettings,
  type DecodingSettings,
  decodingSettings,
  type DecodingSettingsInput,
  DIVERSITY_PENALTY,
  type SamplingSettings,
} from "./settings.ts";
export { type WordReading, wordReading } from "./word_reading.ts";
