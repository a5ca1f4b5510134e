import { inNotebook } from "./kernel.ts";

let listens = false;
const interruptible = new Set<() => void>();

/**
 * Makes Jupyter's interrupt (■) end the work that runs, at its next safe moment, instead of the
 * kernel with all that it holds. The listener stays for the kernel's life, and calling this again
 * adds none.
 */
export function listenForInterrupts(): void {
  if (listens || !inNotebook()) return;
  listens = true;
  Deno.addSignalListener("SIGINT", interrupt);
}

/** Interrupts all that asked for it; what did not runs to its end. */
export function interrupt(): void {
  for (const each of interruptible) each();
}

/** Calls back when an interrupt comes, until it is disposed. */
export function onInterrupt(callback: () => void): Disposable {
  interruptible.add(callback);
  return { [Symbol.dispose]: () => void interruptible.delete(callback) };
}
