import type { EngineListener } from "../engine.ts";
import type { Gpu } from "../gpu.ts";
import { checkInstalled } from "../check_installed.ts";
import { AlteredLibraryError } from "../library_record.ts";
import { type Candidate, locateTensorFlow } from "../locate.ts";
import { rememberedTrial } from "../remembered_trial.ts";
import { CrashingLibraryError, seesGpu, type Trial } from "../try_library.ts";
import { loadBackend } from "./backend.ts";
import type { Binding } from "./binding.ts";
import { openLibrary } from "./open_library.ts";

/** A library that was opened. */
export interface Opened {
  /** Its functions. */
  binding: Binding;
  /** Where it was found. */
  candidate: Candidate;
}

/**
 * The library that the user named.
 *
 * @param listener its signal lets an interrupt be reported while the library loads
 * @throws {CrashingLibraryError} if it ends the process that loads it
 * @throws {Error} if it cannot be used, with the reason
 */
export async function openNamed(
  gpu: Gpu | undefined,
  listener: Pick<EngineListener, "signal">,
): Promise<Opened> {
  const [candidate] = locateTensorFlow();
  await tried(candidate, gpu);
  return { binding: await open(candidate, listener), candidate };
}

/**
 * The first library that sees a GPU, otherwise the first that works. Each is tried in a process of
 * its own before it is opened in this one.
 *
 * @param listener hears why a library that is there is not used
 * @throws {AlteredLibraryError} if one that `setup` downloaded is another now
 */
export async function openBest(
  gpu: Gpu | undefined,
  listener: EngineListener,
): Promise<Opened | undefined> {
  let first: Opened | Candidate | undefined;
  for (const candidate of locateTensorFlow()) {
    try {
      await checkInstalled(candidate, listener);
      const trial = await tried(candidate, gpu);
      if (gpu !== undefined && trial !== undefined && !seesGpu(trial)) {
        first ??= candidate;
        continue;
      }
      const opened = { binding: await open(candidate, listener), candidate };
      if (gpu === undefined || opened.binding.isUsingGpuDevice()) return opened;
      first ??= opened;
    } catch (error) {
      if (error instanceof AlteredLibraryError || listener.signal?.aborted) throw error;
      // A bare name may be unknown to the loader; an existing file should load.
      const isKnown = candidate.path.includes("/") || error instanceof CrashingLibraryError;
      if (isKnown) listener.say((error as Error).message);
    }
  }
  if (first === undefined || "binding" in first) return first;
  return { binding: await open(first, listener), candidate: first };
}

/** Opens a library, and meanwhile loads what is needed next, whose errors are told when it is. */
function open(candidate: Candidate, listener: Pick<EngineListener, "signal">): Promise<Binding> {
  const opening = openLibrary(candidate, listener);
  loadBackend().catch(() => {});
  return opening;
}

/** The result of a trial, undefined if there could be none. */
async function tried(candidate: Candidate, gpu: Gpu | undefined): Promise<Trial | undefined> {
  const trial = await rememberedTrial(candidate, gpu);
  if (trial?.crashes) throw new CrashingLibraryError(trial.problem);
  if (trial?.problem !== undefined) throw new Error(trial.problem);
  return trial;
}
