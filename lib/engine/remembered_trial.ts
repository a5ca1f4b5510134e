import os from "node:os";
import { dirname, join } from "node:path";
import { digestJson, readTextIfAny, userCacheFolder, writeFileWhole } from "../storage/mod.ts";
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
  const path = await verdictFile(candidate, gpu);
  if (options.again !== true && path !== undefined) {
    const kept = await readVerdict(path);
    if (kept !== undefined) return kept;
  }
  const trial = await tryLibrary(candidate);
  if (path !== undefined && trial !== undefined && (trial.crashes || trial.version)) {
    const record = { library: candidate.path, ...trial };
    // Without a place to keep it, the library is tried at every start.
    await writeFileWhole(path, JSON.stringify(record) + "\n").catch(() => {});
  }
  return trial;
}

async function readVerdict(path: string): Promise<Trial | undefined> {
  try {
    const text = await readTextIfAny(path);
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined; // unreadable: the library is tried again
  }
}

/** Where the result is kept; undefined where the user has no home. */
async function verdictFile(
  { path, framework }: Candidate,
  gpu: Gpu | undefined,
): Promise<string | undefined> {
  if (!Deno.env.get("HOME")) return undefined;
  const key = await digestJson({
    format: FORMAT,
    files: [path, framework ?? "", "/etc/ld.so.cache", join(dirname(path), "..", "nvidia")]
      .map(identity),
    processor: processor(),
    gpu: gpu === undefined ? null : describeGpu(gpu),
    search: ["LD_LIBRARY_PATH", "LD_PRELOAD", "CUDA_VISIBLE_DEVICES"].map((name) =>
      Deno.env.get(name) ?? null
    ),
  });
  return join(userCacheFolder(), "libraries", `${key.slice(0, 16)}.json`);
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
