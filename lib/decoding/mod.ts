/**
 * Features to captions: greedy and beam search.
 *
 * @module
 */
export { beamSearch, beamSearchAsync } from "./beam_search.ts";
export type { DecodedCaption } from "./hypotheses.ts";
export { type DecodingSettings, decodingSettings, type DecodingSettingsInput } from "./settings.ts";
