import type { Candidate } from "../locate.ts";
import { Binding } from "./binding.ts";
import { openCApi } from "./c_api.ts";
import { keepFreedMemory, pinLibrary, withoutNativeLog } from "./libc.ts";

/**
 * Opens one TensorFlow library in this process, which it ends if the library aborts.
 *
 * @param options.log whether what the library prints while it loads is shown
 * @throws {Error} if it cannot be loaded
 */
export function openLibrary({ path, framework }: Candidate, options = { log: false }): Binding {
  if (Deno.env.get("TF_CPP_MIN_LOG_LEVEL") === undefined) {
    Deno.env.set("TF_CPP_MIN_LOG_LEVEL", "2");
  }
  keepFreedMemory();
  const open = () => {
    if (framework !== undefined) pinLibrary(framework);
    pinLibrary(path);
    return new Binding(openCApi(path));
  };
  return options.log ? open() : withoutNativeLog(open);
}
