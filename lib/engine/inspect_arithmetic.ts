import type { Bfloat16Speed } from "./bfloat16_speed.ts";
import type { Candidate } from "./locate.ts";
import type { Processor } from "./processor.ts";
import { runProbe } from "./run_probe.ts";

/** What the machine computes in, and how fast. */
export interface ArithmeticInspection {
  /** What the processor is, and has for matrix products. */
  processor: Processor;
  /** Whether bfloat16 is faster here, so that `auto` chooses it, and why. */
  bfloat16: Bfloat16Speed;
  /** GFLOP/s of a matrix product, measured; absent without a library. */
  rates?: Record<"float32" | "bfloat16", number>;
}

/**
 * Reads what the processor has, and measures a matrix product with a library.
 *
 * @returns undefined if this process may start no other, or that one fails
 */
export async function inspectArithmetic(
  library?: Pick<Candidate, "path" | "framework">,
): Promise<ArithmeticInspection | undefined> {
  const paths = library === undefined ? [] : [library.path, library.framework ?? []].flat();
  const probed = await runProbe("probe_arithmetic.ts", ...paths);
  if (probed?.answer !== undefined) return JSON.parse(probed.answer);
  return library === undefined ? undefined : await inspectArithmetic();
}
