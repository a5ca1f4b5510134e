/**
 * Captioning with a trained decoder: features → captions. Runs in a browser as well, where
 * `loadCaptioner` opens an exported run; a run on disk is opened by `stages`.
 *
 * @module
 */
export { Captioner, type CaptionerParts } from "./captioner.ts";
export { type CaptionerFile, captionerFileToJson, type EncoderFile } from "./captioner_file.ts";
export type { Caption, Captions } from "./captions.ts";
export { ExportedCaptioner, loadCaptioner, type Photo } from "./exported_captioner.ts";
export type { ResizeSettings } from "./resize_pixels.ts";
export { gridOf, type WordRegions, wordRegions, type WordRegionsOptions } from "./word_regions.ts";
