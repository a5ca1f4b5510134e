import { type Decoder, parameterCount } from "../models/mod.ts";
import { isForbidden, showBytes } from "../storage/mod.ts";

/** Of a parameter in training: itself, its gradient and Adam's two moments, 4 bytes each. */
const BYTES = 16;

/**
 * Refuses a decoder whose weights cannot be trained in this machine's memory, before any is allocated.
 *
 * @param memory bytes of the machine. @default {what the system says}
 * @throws {RangeError} if it is larger
 */
export function checkMemory(
  decoder: Pick<Decoder, "weightShapes">,
  memory: number = memoryOfMachine(),
): void {
  const parameters = parameterCount(decoder);
  if (parameters * BYTES <= memory) return;
  throw new RangeError(
    `The decoder has ${parameters.toLocaleString("en")} parameters or more, which take ` +
      `${showBytes(parameters * BYTES)} while they are trained; this machine has ` +
      `${showBytes(memory)}: choose smaller widths in model, such as model.units`,
  );
}

/** Infinite where this process may not ask. */
function memoryOfMachine(): number {
  try {
    return Deno.systemMemoryInfo().total;
  } catch (error) {
    if (isForbidden(error)) return Infinity;
    throw error;
  }
}
