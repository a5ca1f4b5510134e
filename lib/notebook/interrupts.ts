import { cellsBelow } from "./cells_below.ts";
import { inNotebook } from "./kernel.ts";

/** Who wants to know of Jupyter's interrupts: one list a kernel, as there is one signal. */
class Interrupts {
  readonly #callbacks = new Set<() => void>();
  #listens = false;

  listen(): void {
    if (this.#listens) return;
    this.#listens = true;
    Deno.addSignalListener("SIGINT", () => {
      cellsBelow.stop();
      this.tell();
    });
  }

  tell(): void {
    for (const each of this.#callbacks) each();
  }

  add(callback: () => void): Disposable {
    this.#callbacks.add(callback);
    return { [Symbol.dispose]: () => void this.#callbacks.delete(callback) };
  }
}

const interrupts = new Interrupts();

/**
 * Makes Jupyter's interrupt (■) end the work that runs, at its next safe moment, instead of the
 * kernel with all that it holds; cells that were to run after it are not run. The listener stays for
 * the kernel's life, and calling this again adds none.
 */
export function listenForInterrupts(): void {
  if (inNotebook()) interrupts.listen();
}

/** Interrupts all that asked for it; what did not runs to its end. */
export function interrupt(): void {
  interrupts.tell();
}

/** Calls back when an interrupt comes, until it is disposed. */
export function onInterrupt(callback: () => void): Disposable {
  return interrupts.add(callback);
}
