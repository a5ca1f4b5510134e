/**
 * Runs loaded once, in a thread of their own: captions word by word, what is known beside them, and
 * where a model looked.
 *
 * @module
 */
export type {
  BatchOptions,
  CaptionEngine,
  ModelCard,
  Neighbour,
  PhotoAnswer,
  PhotoDetails,
  PhotoEvent,
  PhotoOutcome,
  PhotoRegions,
  PhotoRequest,
  Step,
} from "./caption_engine.ts";
export { type CaptionEngineOptions, startCaptionEngine } from "./start_caption_engine.ts";
