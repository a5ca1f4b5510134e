import { RequestFailure } from "../api/request_failure.ts";

/** Bytes of requests that are in memory, so that many large ones at a time are refused. */
export class HeldBytes {
  #bytes = 0;

  constructor(readonly limit: number) {}

  /** An account for one request. */
  open(): HeldAccount {
    let held = 0;
    return {
      add: (bytes) => {
        if (this.#bytes + bytes > this.limit) {
          throw new RequestFailure(503, "Too many uploads at a time: try again soon.", 1);
        }
        this.#bytes += bytes;
        held += bytes;
      },
      close: () => {
        this.#bytes -= held;
        held = 0;
      },
    };
  }
}

/** Bytes that one request holds. */
export interface HeldAccount {
  /** @throws {RequestFailure} 503 if all requests together hold too many */
  add(bytes: number): void;
  /** They are held no more. */
  close(): void;
}
