import type { Listener } from "../progress/mod.ts";

/**
 * Keeps what it hears until it is released. Of works that go side by side each is heard in its turn,
 * and nothing is said while the engine's library loads, when standard error is closed.
 */
export class HeldListener implements Pick<Listener, "say" | "onProgress"> {
  /** Absent where nobody listens. */
  readonly say?: Listener["say"];
  /** Absent where nobody listens. */
  readonly onProgress?: Listener["onProgress"];
  #held?: (() => void)[] = [];

  /** @param listener hears everything in the end */
  constructor({ say, onProgress }: Pick<Listener, "say" | "onProgress">) {
    this.say = say && ((line) => this.#tell(() => say(line)));
    this.onProgress = onProgress && ((...stage) => this.#tell(() => onProgress(...stage)));
  }

  /** Tells what was held, and the rest at once. */
  release(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const tell of held) tell();
  }

  #tell(tell: () => void): void {
    if (this.#held === undefined) tell();
    else this.#held.push(tell);
  }
}
