import { askCudaDriver } from "./cuda_driver.ts";
import { readDriverFiles } from "./nvidia_driver_files.ts";

/** An NVIDIA GPU of this machine, or signs of one. */
export interface Gpu {
  /** What the driver calls each GPU; empty if only the driver was found. */
  names: string[];
  /** The driver's version, or the CUDA version that it supports, for messages. */
  driver?: string;
  /** Why no library can compute on it as things are. */
  problem?: string;
}

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

/** One line about a GPU, for messages. */
export function describeGpu({ names, driver, problem }: Gpu): string {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  const named = [...counts].map(([name, count]) => count > 1 ? `${count} × ${name}` : name);
  const what = named.length > 0 ? named.join(", ") : "NVIDIA GPU";
  return what + (driver === undefined ? "" : ` (${driver})`) +
    (problem === undefined ? "" : `, but ${problem}`);
}
