import { RequestFailure } from "../api/request_failure.ts";
import type { BatchOptions, CaptionEngine, PhotoOutcome } from "../engine/caption_engine.ts";
import { BatchTime } from "./batch_time.ts";
import { DeadlineError } from "./deadline_error.ts";
import { Place } from "./place.ts";
import { nextTurn } from "./turns.ts";
import { isPhoto, type WaitingPhoto, type WaitingWork } from "./waiting.ts";

/** Limits of a queue. */
export interface QueueLimits {
  /** Photos that are accepted and not answered at most. @default {256} */
  queuedPhotos: number;
  /** The share of them that one client may have. @default {0.5} */
  clientShare: number;
  /** Photos in a batch at most. @default {32} */
  batchPhotos: number;
  /**
   * Seconds that a photo should wait at most while batches follow each other: for the one that is
   * computed and for its own, so that each may take half of this.
   *
   * @default {2}
   */
  latencySeconds: number;
}

/** The limits unless told otherwise. */
export const QUEUE_LIMITS: Readonly<QueueLimits> = {
  queuedPhotos: 256,
  clientShare: 0.5,
  batchPhotos: 32,
  latencySeconds: 2,
};

/** What is told of a queue's work, for metrics. */
export interface QueueListener {
  /** A batch was computed. */
  onBatch?(photos: number, seconds: number): void;
  /** A photo was given up. */
  onDrop?(reason: "deadline" | "left"): void;
}

const LONGEST_WAIT = 60;

/**
 * Gathers the photos of requests into batches for the engine, one at a time. Requests take turns,
 * so that a large one does not keep the others waiting.
 */
export class CaptionQueue {
  readonly #engine: CaptionEngine;
  readonly #limits: QueueLimits;
  readonly #listener: QueueListener;
  readonly #clock: () => number;
  readonly #times = new Map<string, BatchTime>();
  readonly #byClient = new Map<string, number>();
  /** Requests with waiting photos, the one served longest ago first. */
  readonly #turns: Place[] = [];
  #accepted = 0;
  #isBusy = false;
  #lastTime = new BatchTime();

  /** @param clock seconds from any moment on */
  constructor(
    engine: CaptionEngine,
    limits: QueueLimits = QUEUE_LIMITS,
    listener: QueueListener = {},
    clock: () => number = () => performance.now() / 1000,
  ) {
    this.#engine = engine;
    this.#limits = limits;
    this.#listener = listener;
    this.#clock = clock;
  }

  /** Photos that are accepted and not answered. */
  get length(): number {
    return this.#accepted;
  }

  /** The queue's clock, in seconds: deadlines are given by it. */
  now(): number {
    return this.#clock();
  }

  /**
   * Takes a place for the photos of a request.
   *
   * @throws {RequestFailure} 503 if there is no room, 429 if the client has its share already
   */
  reserve(client: string, photos: number): Place {
    const mine = this.#byClient.get(client) ?? 0;
    const { queuedPhotos, clientShare } = this.#limits;
    const share = Math.max(1, Math.floor(queuedPhotos * clientShare));
    if (mine > 0 && mine + photos > share) {
      const message = `This client has ${mine} photos in the queue and may have ${share}.`;
      throw new RequestFailure(429, message, this.retryAfter());
    }
    if (this.#accepted > 0 && this.#accepted + photos > queuedPhotos) {
      throw new RequestFailure(503, "The queue is full: try again later.", this.retryAfter());
    }
    this.#count(client, photos);
    return new Place(
      photos,
      (work, place) => this.#enqueue(work, place),
      (freed) => this.#count(client, -freed),
    );
  }

  /** Whole seconds in which what is accepted is predicted to be answered. */
  retryAfter(): number {
    const batch = this.#lastTime.most(this.#limits.latencySeconds / 2, this.#limits.batchPhotos);
    const seconds = this.#accepted / batch * this.#lastTime.predict(batch);
    return Math.min(LONGEST_WAIT, Math.max(1, Math.ceil(seconds)));
  }

  #count(client: string, photos: number): void {
    this.#accepted += photos;
    const mine = (this.#byClient.get(client) ?? 0) + photos;
    if (mine === 0) this.#byClient.delete(client);
    else this.#byClient.set(client, mine);
  }

  #enqueue(work: WaitingWork, place: Place): void {
    const drop = () => {
      this.#listener.onDrop?.("left");
      work.reject(work.signal.reason);
    };
    if (work.signal.aborted) return drop();
    const leave = () => {
      if (place.remove(work)) drop(); // otherwise it is being computed: the engine has its signal
    };
    work.signal.addEventListener("abort", leave, { once: true });
    place.waiting.push(work);
    if (!this.#turns.includes(place)) this.#turns.push(place);
    // What is added in the same moment goes into the same batch.
    queueMicrotask(() => this.#pump());
  }

  async #pump(): Promise<void> {
    if (this.#isBusy) return;
    this.#isBusy = true;
    try {
      while (true) {
        this.#dropPast();
        const turn = nextTurn(this.#turns, (options) => this.#mostPhotos(options));
        if (turn === undefined) return;
        await (isPhoto(turn[0]) ? this.#runBatch(turn as WaitingPhoto[]) : turn[0].run());
      }
    } finally {
      this.#isBusy = false;
    }
  }

  #dropPast(): void {
    const now = this.#clock();
    for (const place of this.#turns) {
      for (const work of place.waiting.filter(({ deadline }) => deadline < now)) {
        place.remove(work);
        this.#listener.onDrop?.("deadline");
        work.reject(new DeadlineError());
      }
    }
  }

  #mostPhotos(options: BatchOptions): number {
    const { latencySeconds, batchPhotos } = this.#limits;
    return this.#timeOf(options).most(latencySeconds / 2, batchPhotos);
  }

  #timeOf({ model, beam }: BatchOptions): BatchTime {
    const key = `${beam} ${model}`;
    const time = this.#times.get(key) ?? new BatchTime();
    this.#times.set(key, time);
    return time;
  }

  async #runBatch(batch: WaitingPhoto[]): Promise<void> {
    const [{ options }] = batch;
    const begin = this.#clock();
    for (const { onEvent, since } of batch) {
      const milliseconds = (begin - since) * 1000;
      onEvent({ type: "queued", milliseconds });
    }
    const signals = batch.map(({ signal }) => signal);
    try {
      const outcomes: PhotoOutcome[] = await this.#engine.captionBatch(
        batch.map(({ photo }) => photo),
        options,
        signals,
        (photo, event) => batch[photo].onEvent(event),
      );
      const seconds = this.#clock() - begin;
      if (!signals.some(({ aborted }) => aborted)) {
        this.#lastTime = this.#timeOf(options);
        this.#lastTime.observe(batch.length, seconds);
      }
      this.#listener.onBatch?.(batch.length, seconds);
      batch.forEach(({ resolve }, i) => resolve(outcomes[i]));
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }
}
