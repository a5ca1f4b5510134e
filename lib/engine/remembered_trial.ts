import os from "node:os";
import { dirname, join } from "node:path";
import { keptResult } from "../storage/mod.ts";
import { describeGpu, type Gpu } from "./gpu.ts";
import type { Candidate } from "./locate.ts";
import { type Trial, tryLibrary } from "./try_library.ts";

/** Raised when a trial looks at more, or records something else. */
const FORMAT = 1;

/**
 * The result of trying a library, once per library and machine: it takes seconds, so it is kept in
 * the user's cache until the library, the processor, the GPU or what the loader finds is another.
 * Only what stays as it is is kept: that it works, or that it crashes.
 *
 * @param options.again try it even if a result is kept
 * @returns undefined if it could not be tried
 */
export async function rememberedTrial(
  candidate: Candidate,
  gpu: Gpu | undefined,
  options: { again?: boolean } = {},
): Promise<Trial | undefined> {
  const kept = keptResult("libraries", trialKey(candidate, gpu));
  if (options.again !== true) {
    const known = await kept.read();
    if (known !== undefined) return known as Trial;
  }
  const trial = await tryLibrary(candidate);
  if (trial !== undefined && (trial.crashes || trial.version)) {
    await kept.write({ library: candidate.path, ...trial });
  }
  return trial;
}

/** What a trial's result depends on. */
function trialKey({ path, framework }: Candidate, gpu: Gpu | undefined): object {
  return {
    format: FORMAT,
    files: [path, framework ?? "", "/etc/ld.so.cache", join(dirname(path), "..", "nvidia")]
      .map(identity),
    processor: processor(),
    gpu: gpu === undefined ? null : describeGpu(gpu),
    search: ["LD_LIBRARY_PATH", "LD_PRELOAD", "CUDA_VISIBLE_DEVICES"].map((name) =>
      Deno.env.get(name) ?? null
    ),
  };
}

/** What tells one file of a path from another, as far as it can be seen. */
function identity(path: string): (string | number)[] {
  try {
    const { size, mtime } = Deno.statSync(path);
    return [path, size, mtime?.getTime() ?? 0];
  } catch {
    return [path];
  }
}

function processor(): string {
  try {
    return os.cpus()[0]?.model ?? "";
  } catch {
    return ""; // not permitted to ask
  }
}
