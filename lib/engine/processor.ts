import { readNatively } from "./tensorflow/libc.ts";

/** An extension of the processor's instructions. */
export type ProcessorExtension = "AVX2" | "AVX-512" | "AVX512-BF16" | "AMX-BF16";

/** Extensions of x86 that matter to matrix products: the name, and the kernel's word for it. */
const EXTENSIONS: Record<ProcessorExtension, string> = {
  "AVX2": "avx2",
  "AVX-512": "avx512f",
  "AVX512-BF16": "avx512_bf16",
  "AMX-BF16": "amx_bf16",
};

/** What the processor is. */
export interface Processor {
  /** What it calls itself; undefined if that cannot be read. */
  name?: string;
  /** Those of AVX2, AVX-512, AVX512-BF16, AMX-BF16 that it has; undefined if unknown. */
  extensions?: ProcessorExtension[];
}

/** The processor as Linux describes it, read by native code, as Deno refuses `/proc/cpuinfo`. */
export function readProcessor(): Processor {
  if (Deno.build.os !== "linux") return {};
  try {
    return parseProcessor(readNatively("/proc/cpuinfo") ?? "");
  } catch {
    return {}; // native code is not permitted, or the C library has another name
  }
}

/** The processor that a `/proc/cpuinfo` describes first. */
export function parseProcessor(text: string): Processor {
  const field = (name: string) => new RegExp(`^${name}\\s*: *(.+)$`, "m").exec(text)?.[1].trim();
  const name = field("model name");
  const flags = field("flags")?.split(" ");
  if (flags === undefined) return { name };
  const known = Object.entries(EXTENSIONS) as [ProcessorExtension, string][];
  return { name, extensions: known.filter(([, flag]) => flags.includes(flag)).map(([of]) => of) };
}
