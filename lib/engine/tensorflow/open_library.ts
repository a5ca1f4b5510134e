import type { Candidate } from "../locate.ts";
import { Binding } from "./binding.ts";
import { openCApi } from "./c_api.ts";
import { keepFreedMemory, pinLibrary, withoutNativeLog } from "./libc.ts";

/** How {@linkcode openLibrary} opens one. */
interface OpenOptions {
  /** Whether what the library prints while it loads is shown. @default {false} */
  log?: boolean;
  /** Aborted by an interrupt, which is reported while the library still loads. */
  signal?: AbortSignal;
}

/**
 * Opens one TensorFlow library in this process, which it ends if the library aborts. It is loaded in
 * another thread, which takes most of the time; until then nobody's lines reach standard error.
 *
 * @throws {Error} if it cannot be loaded
 */
export async function openLibrary(
  { path, framework }: Candidate,
  { log = false, signal }: OpenOptions = {},
): Promise<Binding> {
  if (Deno.env.get("TF_CPP_MIN_LOG_LEVEL") === undefined) {
    Deno.env.set("TF_CPP_MIN_LOG_LEVEL", "2");
  }
  keepFreedMemory();
  const open = async () => {
    // Asked for together, since this thread may be busy when the first has come.
    const pinned = [...framework === undefined ? [] : [framework], path].map(pinLibrary);
    await Promise.allSettled(pinned);
    for (const library of pinned) await library;
    return new Binding(openCApi(path));
  };
  return log ? await open() : await withoutNativeLog(open, signal);
}
