import { globNatively, readNatively } from "./tensorflow/libc.ts";

const FOLDER = "/proc/driver/nvidia";

/**
 * What NVIDIA's kernel driver says of itself and its GPUs in `/proc`.
 *
 * @returns undefined if it is not loaded, or nothing may be read natively
 */
export function readDriverFiles(): { names: string[]; driver?: string } | undefined {
  let version: string | undefined;
  try {
    version = readNatively(`${FOLDER}/version`);
  } catch {
    return undefined; // native code is not permitted, or the C library has another name
  }
  if (version === undefined) return undefined;
  const names = globNatively(`${FOLDER}/gpus/*/information`)
    .map((path) => /^Model:\s*(.+)$/m.exec(readNatively(path) ?? "")?.[1].trim())
    .filter((name) => name !== undefined);
  const number = /Module[^\n]*?\s(\d+(?:\.\d+)+)\s/.exec(version)?.[1];
  return { names, driver: number === undefined ? "NVIDIA's driver" : `driver ${number}` };
}
