import type { HeldAccount } from "../photos/mod.ts";
import type { Place } from "../queue/mod.ts";
import { clientGone } from "./client_gone.ts";
import type { Service } from "./service.ts";

/** A request for work on photos, from its first byte until it is answered. */
export class PhotoWork {
  /** Its share of the bytes that all requests hold. */
  readonly held: HeldAccount;
  /** Whether the client is still there. */
  readonly client: ReturnType<typeof clientGone>;
  /** Its place in the queue, once it has one. */
  place?: Place;
  readonly #end: () => void;

  /** @throws {RequestFailure} 503 while draining */
  constructor(request: Request, service: Service) {
    this.#end = service.begin();
    this.held = service.held.open();
    this.client = clientGone(request);
  }

  /** Gives everything back. */
  finish(): void {
    this.place?.release();
    this.held.close();
    this.client.stop();
    this.#end();
  }
}
