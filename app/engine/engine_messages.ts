/**
 * What the two ends of the engine's thread say to each other: orders with their answers, and reports
 * in between.
 */
import type {
  BatchOptions,
  ModelCard,
  PhotoEvent,
  PhotoOutcome,
  PhotoRegions,
  PhotoRequest,
} from "./caption_engine.ts";
import type { SharedFlags } from "./shared_flags.ts";

/** Every order by name, with its answer. */
export interface Orders {
  /** Loads the runs; the first order. */
  start: { order: { runs: string[]; data: string }; answer: ModelCard[] };
  /** Captions of a batch. */
  captions: {
    order: { photos: PhotoRequest[]; options: BatchOptions; unwanted: SharedFlags };
    answer: PhotoOutcome[];
  };
  /** Where a model looked; undefined if it was ended. */
  regions: {
    order: { photo: Uint8Array; words: string[]; model: string; unwanted: SharedFlags };
    answer: PhotoRegions | undefined;
  };
  /** A drawn photo as PNG. */
  drawing: { order: { seed: number }; answer: Uint8Array };
  /** A dev photo's file. */
  devPhoto: { order: { model: string; name: string }; answer: Uint8Array | undefined };
  /** Frees everything; the last order. */
  end: { order: Record<never, never>; answer: undefined };
}

/** Name of an order. */
export type OrderName = keyof Orders;

/** An order, from the caller's thread. */
export type Order = {
  [Name in OrderName]: { id: number; name: Name; order: Orders[Name]["order"] };
}[OrderName];

/** An error on its way between threads; `reason` is that of an unreadable photo. */
export interface Failure {
  name: string;
  message: string;
  reason?: string;
}

/** What comes back. */
export type Report =
  /** An order is done. */
  | { kind: "answer"; id: number; answer: Orders[OrderName]["answer"] }
  /** An order failed, by one sentence. */
  | { kind: "failure"; id: number; error: Failure }
  /** Something of a photo of a batch. */
  | { kind: "event"; id: number; photo: number; event: PhotoEvent }
  /** A line for the user. */
  | { kind: "say"; line: string }
  /** How far loading has come. */
  | { kind: "progress"; progress: [stage: string, done: number, total: number, note?: string] };
