/**
 * Requests gathered into batches, within limits on length, share and time.
 *
 * @module
 */
export {
  CaptionQueue,
  QUEUE_LIMITS,
  type QueueLimits,
  type QueueListener,
} from "./caption_queue.ts";
export { DeadlineError } from "./deadline_error.ts";
export type { Place } from "./place.ts";
export type { QueueEvent } from "./waiting.ts";
