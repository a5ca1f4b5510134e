import type { BatchOptions, PhotoOutcome, PhotoRequest } from "../engine/caption_engine.ts";
import type { QueueEvent, WaitingWork } from "./waiting.ts";

/** When work is given up. */
export interface WorkLimits {
  /** Aborted when the client leaves. */
  signal: AbortSignal;
  /** In seconds of the queue's clock; Infinity without one. */
  deadline: number;
}

/** A request's place in the queue: room for its photos until they are answered. */
export class Place {
  /** Its work that is not computed yet, oldest first. The queue's. */
  readonly waiting: WaitingWork[] = [];
  readonly #enqueue: (work: WaitingWork, place: Place) => void;
  readonly #free: (photos: number) => void;
  #held: number;

  /**
   * @param photos how many it has room for
   * @param free called with the number of photos that need no room any more
   */
  constructor(
    photos: number,
    enqueue: (work: WaitingWork, place: Place) => void,
    free: (photos: number) => void,
  ) {
    this.#held = photos;
    this.#enqueue = enqueue;
    this.#free = free;
  }

  /**
   * Captions a photo when its turn comes.
   *
   * @param since now, by the queue's clock
   * @throws {DeadlineError} if its turn comes too late
   */
  caption(
    photo: PhotoRequest,
    options: BatchOptions,
    since: number,
    { signal, deadline }: WorkLimits,
    onEvent: (event: QueueEvent) => void = () => {},
  ): Promise<PhotoOutcome> {
    return this.#wait(signal, (resolve, reject) => {
      const work = { photo, options, since, signal, deadline, onEvent, resolve, reject };
      this.#enqueue(work, this);
    });
  }

  /**
   * Does other work with the engine when its turn comes, alone.
   *
   * @throws {DeadlineError} if its turn comes too late
   */
  alone<T>(task: () => Promise<T>, { signal, deadline }: WorkLimits): Promise<T> {
    return this.#wait(signal, (resolve, reject) => {
      const run = () => task().then(resolve, reject);
      this.#enqueue({ run, signal, deadline, reject }, this);
    });
  }

  #wait<T>(
    signal: AbortSignal,
    enqueue: (resolve: (result: T) => void, reject: (reason: unknown) => void) => void,
  ): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const leave = () => reject(signal.reason);
    signal.addEventListener("abort", leave);
    enqueue(resolve, reject);
    return promise.finally(() => {
      signal.removeEventListener("abort", leave);
      this.skip();
    });
  }

  /** One photo needs no room any more. */
  skip(): void {
    if (this.#held === 0) return;
    this.#held--;
    this.#free(1);
  }

  /** Takes work out of those that wait; false if it is not among them. */
  remove(work: WaitingWork): boolean {
    const at = this.waiting.indexOf(work);
    if (at >= 0) this.waiting.splice(at, 1);
    return at >= 0;
  }

  /** Frees all room that is left. */
  release(): void {
    this.#free(this.#held);
    this.#held = 0;
  }
}
