import pLimit, { type LimitFunction } from "p-limit";
import type { CaptionEngine, ModelCard } from "../engine/caption_engine.ts";
import { RequestFailure } from "../api/request_failure.ts";
import {
  HeldBytes,
  PHOTO_LIMITS,
  PhotoChecker,
  PhotoFetcher,
  type PhotoLimits,
} from "../photos/mod.ts";
import { CaptionQueue, QUEUE_LIMITS } from "../queue/mod.ts";
import { createMetrics, type Metrics } from "./metrics.ts";
import type { ServerOptions } from "./server_options.ts";

/** What the routes share. */
export class Service {
  readonly engine: CaptionEngine;
  readonly options: ServerOptions;
  readonly limits: PhotoLimits;
  readonly queue: CaptionQueue;
  readonly held: HeldBytes;
  readonly checker: PhotoChecker;
  /** Limits the previews that are made at a time. */
  readonly previews: LimitFunction = pLimit(2);
  readonly metrics: Metrics;
  /** Undefined where photos are not fetched. */
  readonly fetcher: PhotoFetcher | undefined;
  /** Told of faults within the server. */
  readonly onFault: (error: unknown) => void;
  isDraining = false;
  #atWork = 0;
  #onIdle: (() => void)[] = [];

  constructor(options: ServerOptions) {
    this.options = options;
    this.engine = options.engine;
    this.limits = { ...PHOTO_LIMITS, ...options.limits };
    this.metrics = createMetrics(() => this.queue.length);
    const { batchPhotos, batchSeconds, dropped } = this.metrics;
    this.queue = new CaptionQueue(options.engine, { ...QUEUE_LIMITS, ...options.limits }, {
      onBatch(photos, seconds) {
        batchPhotos.observe(photos);
        batchSeconds.observe(seconds);
      },
      onDrop: (reason) => dropped.inc({ reason }),
    });
    this.onFault = options.onFault ?? ((error) => console.error(error));
    this.checker = new PhotoChecker(this.limits);
    this.held = new HeldBytes(this.limits.heldBytes);
    this.fetcher = options.urls ? new PhotoFetcher(this.limits, options.urls) : undefined;
  }

  /**
   * The card of a loaded run, by default the first.
   *
   * @throws {RequestFailure} 422 if there is none of that name
   */
  model(name?: string): ModelCard {
    const { models } = this.engine;
    const card = name === undefined ? models[0] : models.find((card) => card.name === name);
    if (card !== undefined) return card;
    const names = models.map(({ name }) => `"${name}"`).join(", ");
    throw new RequestFailure(422, `There is no model of that name: loaded are ${names}.`);
  }

  /**
   * Counts a request for work until it is answered.
   *
   * @returns ends it
   * @throws {RequestFailure} 503 while draining
   */
  begin(): () => void {
    if (this.isDraining) throw new RequestFailure(503, "The server is shutting down.", 5);
    this.#atWork++;
    let ended = false;
    return () => {
      if (ended) return;
      ended = true;
      if (--this.#atWork === 0) this.#onIdle.splice(0).forEach((resolve) => resolve());
    };
  }

  /** Resolves when no accepted request is left. */
  idle(): Promise<void> {
    if (this.#atWork === 0) return Promise.resolve();
    return new Promise((resolve) => this.#onIdle.push(resolve));
  }
}
