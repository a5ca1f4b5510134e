import { UnreadablePhotoError } from "../../lib/images/mod.ts";
import type { Listener } from "../../lib/progress/mod.ts";
import type { PhotoEvent } from "./caption_engine.ts";
import type { Failure, Order, OrderName, Orders, Report } from "./engine_messages.ts";

/** An order that is not answered yet. */
interface Waiting {
  answer: PromiseWithResolvers<unknown>;
  onEvent?: (photo: number, event: PhotoEvent) => void;
}

/** The thread of the engine, as its caller sees it: orders go in, their answers come back. */
export class EngineThread {
  readonly #worker = new Worker(new URL("./engine_worker.ts", import.meta.url), { type: "module" });
  readonly #waiting = new Map<number, Waiting>();
  readonly #failed = Promise.withResolvers<Error>();
  #orders = 0;
  #ended?: Error;

  /** Starts it. */
  constructor(readonly listener: Pick<Listener, "say" | "onProgress">) {
    this.#worker.onmessage = ({ data }: MessageEvent<Report>) => this.#take(data);
    this.#worker.onerror = (event) => {
      event.preventDefault();
      const failure = new Error(`The captioning thread failed: ${event.message}`);
      this.terminate(failure);
      this.#failed.resolve(failure);
    };
  }

  /** Resolves with the reason if it fails by itself. */
  get failed(): Promise<Error> {
    return this.#failed.promise;
  }

  /**
   * The answer to an order.
   *
   * @throws {Error} by the thread's own sentence, or since it has ended
   */
  async ask<Name extends OrderName>(
    name: Name,
    order: Orders[Name]["order"],
    onEvent?: Waiting["onEvent"],
  ): Promise<Orders[Name]["answer"]> {
    if (this.#ended !== undefined) throw this.#ended;
    const id = this.#orders++;
    const answer = Promise.withResolvers<unknown>();
    this.#waiting.set(id, { answer, onEvent });
    this.#worker.postMessage({ id, name, order } as Order);
    return await answer.promise as Orders[Name]["answer"];
  }

  /** Lets it free what it holds, and ends it; what is not answered by then is rejected. */
  async end(): Promise<void> {
    if (this.#ended !== undefined) return;
    const ended = new Error("The captioning thread has ended");
    this.#reject(ended);
    await this.ask("end", {}).catch(() => {}); // a thread that fails has ended too
    this.terminate(ended);
  }

  /** Ends it at once. @param reason what is not answered by then is rejected with */
  terminate(reason: Error): void {
    if (this.#ended !== undefined) return;
    this.#ended = reason;
    this.#worker.terminate();
    this.#reject(reason);
  }

  #reject(reason: Error): void {
    for (const { answer } of this.#waiting.values()) answer.reject(reason);
    this.#waiting.clear();
  }

  #take(report: Report): void {
    switch (report.kind) {
      case "say":
        return this.listener.say?.(report.line);
      case "progress":
        return this.listener.onProgress?.(...report.progress);
      case "event":
        return this.#waiting.get(report.id)?.onEvent?.(report.photo, report.event);
      case "answer":
        this.#waiting.get(report.id)?.answer.resolve(report.answer);
        break;
      case "failure":
        this.#waiting.get(report.id)?.answer.reject(errorOf(report.error));
    }
    this.#waiting.delete(report.id);
  }
}

/** An error of the thread, of its class where callers tell that. */
function errorOf({ name, message, reason }: Failure): Error {
  if (name === "RangeError") return new RangeError(message);
  if (reason !== undefined) return new UnreadablePhotoError("The photo", reason);
  return new Error(message);
}
