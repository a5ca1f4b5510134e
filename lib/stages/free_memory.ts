import v8 from "node:v8";
import vm from "node:vm";
import { giveFreedMemoryBack } from "../engine/mod.ts";

/** Below this many bytes, collecting is not worth it. */
const SMALL = 200e6;

/**
 * Collects JavaScript's garbage and gives memory that native code has freed back to the kernel:
 * after a stage, which with 200,000 captions leaves hundreds of megabytes of rows and texts behind.
 * By itself the collector waits as long as the machine has memory, and the next stage would add to
 * that. Takes a tenth of a second for each 100 MB of JavaScript's, if it has more than 200 MB.
 */
export function freeMemory(): void {
  const { heapTotal, external } = Deno.memoryUsage();
  if (heapTotal + external > SMALL) collectGarbage();
  giveFreedMemoryBack();
}

/** V8's own function, which is there once its flag is set. */
function collectGarbage(): void {
  v8.setFlagsFromString("--expose-gc");
  const collect = vm.runInNewContext("gc") as () => void;
  v8.setFlagsFromString("--no-expose-gc");
  collect();
}
