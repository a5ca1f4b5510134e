/**
 * Captioning with a trained decoder: features → captions. Runs in a browser as well; a run on disk
 * is opened by `stages`.
 *
 * @module
 */
export { Captioner, type CaptionerParts } from "./captioner.ts";
export type { Caption, Captions } from "./captions.ts";
