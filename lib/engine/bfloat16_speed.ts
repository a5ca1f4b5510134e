import type { Gpu } from "./gpu.ts";
import type { Processor } from "./processor.ts";

/** Whether bfloat16 is faster than float32, and why, as the end of a sentence. */
export interface Bfloat16Speed {
  /** Whether it is. */
  isFaster: boolean;
  /** "the processor has AMX-BF16" */
  reason: string;
}

/** The first generation of GPUs whose tensor cores multiply bfloat16 (Ampere). */
const TENSOR_CORES = 8;

/** What the processor, or the GPU that computes instead of it, makes of bfloat16. */
export function bfloat16Speed(
  { extensions }: Processor,
  gpu: Pick<Gpu, "generation"> | undefined,
): Bfloat16Speed {
  if (gpu !== undefined) {
    const { generation } = gpu;
    if (generation === undefined) {
      return {
        isFaster: false,
        reason: "the driver does not tell whether the GPU has tensor cores",
      };
    }
    return generation >= TENSOR_CORES
      ? { isFaster: true, reason: "the GPU has tensor cores" }
      : { isFaster: false, reason: "the GPU has no tensor cores for it" };
  }
  if (extensions === undefined) {
    return { isFaster: false, reason: "it is not known what the processor has for it" };
  }
  for (const extension of ["AMX-BF16", "AVX512-BF16"] as const) {
    if (extensions.includes(extension)) {
      return { isFaster: true, reason: `the processor has ${extension}` };
    }
  }
  return { isFaster: false, reason: "the processor has neither AMX-BF16 nor AVX512-BF16" };
}
