import { askCudaDriver } from "./cuda_driver.ts";
import { readDriverFiles } from "./nvidia_driver_files.ts";
import type { Gpu } from "./gpu.ts";

/**
 * Looks for an NVIDIA GPU: libcuda is asked first, which WSL2 and containers have too, then the
 * kernel driver's files. Both are read by native code, as Deno gives neither `/proc/driver` nor
 * `/dev` to programs that lack all permissions.
 *
 * @returns undefined if there is none
 */
export function findGpu(): Gpu | undefined {
  if (Deno.build.os !== "linux") return undefined;
  const asked = askCudaDriver();
  if (asked !== undefined && asked.names.length > 0) return asked;
  const files = readDriverFiles();
  if (files === undefined) return asked?.problem === undefined ? undefined : asked;
  return {
    ...files,
    problem: asked?.problem ??
      (asked === undefined
        ? "its library libcuda.so.1 is not found; a container needs to be started with its GPUs"
        : "libcuda.so.1 counts no GPU"),
  };
}
