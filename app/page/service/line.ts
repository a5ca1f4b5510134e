/// <reference lib="dom" />
import { signal } from "@preact/signals";

/** Requests at a time: the server gathers them into a batch, and nobody waits for a whole gallery. */
const AT_A_TIME = 4;

const line = signal<readonly (() => void)[]>([]);
const active = signal(0);

/** Runs the work once fewer than four others are running; first come, first served. */
export async function placeInLine(signal: AbortSignal, work: () => Promise<void>): Promise<void> {
  if (active.peek() >= AT_A_TIME) {
    await new Promise<void>((resolve) => line.value = [...line.peek(), resolve]);
  } else active.value++;
  try {
    if (!signal.aborted) await work();
  } finally {
    const [next, ...others] = line.peek();
    line.value = others;
    if (next === undefined) active.value--;
    else next();
  }
}
