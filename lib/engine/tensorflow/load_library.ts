import type { Listener } from "../../progress/mod.ts";
import { type Candidate, locateTensorFlow } from "../locate.ts";
import { Binding } from "./binding.ts";
import { openCApi } from "./c_api.ts";
import { keepFreedMemory, pinLibrary, withoutNativeLog } from "./libc.ts";

/** A loaded library. */
export interface Loaded {
  /** Its functions. */
  binding: Binding;
  /** Where it was found. */
  candidate: Candidate;
}

/** The library that the user named: it is used, or an error is thrown. */
export function loadNamed(): Loaded {
  const [candidate] = locateTensorFlow();
  return { binding: loadLibrary(candidate), candidate };
}

/** The first library that sees a GPU, otherwise the first that loads. */
export function loadBest(say: Required<Listener>["say"]): Loaded | undefined {
  let first: Loaded | undefined;
  for (const candidate of locateTensorFlow()) {
    try {
      const binding = loadLibrary(candidate);
      if (binding.isUsingGpuDevice()) return { binding, candidate };
      first ??= { binding, candidate };
      if (!machineHasGpu()) return first;
    } catch (error) {
      // A bare name may be unknown to the loader; an existing file should load.
      if (candidate.path.includes("/")) say((error as Error).message);
    }
  }
  return first;
}

/**
 * Opens one library.
 *
 * @internal
 * @throws {Error} if it cannot be loaded
 */
export function loadLibrary({ path, framework }: Candidate): Binding {
  if (Deno.env.get("TF_CPP_MIN_LOG_LEVEL") === undefined) {
    Deno.env.set("TF_CPP_MIN_LOG_LEVEL", "2");
  }
  keepFreedMemory();
  return withoutNativeLog(() => {
    if (framework !== undefined) pinLibrary(framework);
    pinLibrary(path);
    return new Binding(openCApi(path));
  });
}

/** Whether there is a GPU that only another build of TensorFlow might see. */
export function machineHasGpu(): boolean {
  try {
    Deno.statSync("/proc/driver/nvidia/version");
    return true;
  } catch {
    return false; // missing, not Linux, or not permitted to look: searching further gains nothing
  }
}
