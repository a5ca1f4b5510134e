import type {
  BatchOptions,
  PhotoEvent,
  PhotoOutcome,
  PhotoRequest,
} from "../engine/caption_engine.ts";

/** What is told of a photo: when its batch begins, then what the engine tells. */
export type QueueEvent = { type: "queued"; milliseconds: number } | PhotoEvent;

interface Waiting {
  /** Aborted when the client leaves. */
  signal: AbortSignal;
  /** In seconds of the queue's clock; Infinity without one. */
  deadline: number;
  reject(reason: unknown): void;
}

/** A photo that waits for its batch. */
export interface WaitingPhoto extends Waiting {
  photo: PhotoRequest;
  options: BatchOptions;
  /** When it was added, by the queue's clock. */
  since: number;
  onEvent(event: QueueEvent): void;
  resolve(outcome: PhotoOutcome): void;
}

/** Other work for the engine, which is done alone. */
export interface WaitingTask extends Waiting {
  /** Does it and settles it; never rejects. */
  run(): Promise<void>;
}

/** What waits for the engine. */
export type WaitingWork = WaitingPhoto | WaitingTask;

/** Whether it can be part of a batch. */
export function isPhoto(work: WaitingWork): work is WaitingPhoto {
  return "photo" in work;
}

/** Whether two photos can be in one batch. */
export function fitTogether(a: BatchOptions, b: BatchOptions): boolean {
  return a.model === b.model && a.beam === b.beam &&
    a.lengthNormalisation === b.lengthNormalisation;
}
