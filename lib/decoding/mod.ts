/**
 * Features to captions: greedy and beam search.
 *
 * @module
 */
export { beamSearch, type DecodedCaption, type Markers } from "./beam_search.ts";
export { type DecodingSettings, decodingSettings } from "./settings.ts";
