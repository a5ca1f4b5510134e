import { join } from "node:path";
import { isNotFound, userCacheFolder } from "../storage/mod.ts";

/** The TensorFlow release that `setup` downloads. */
export const TENSORFLOW_VERSION = "2.21.0";

/**
 * The folder that `setup` downloads to, once per user.
 *
 * @throws {Error} if the environment variable HOME is not set
 */
export function setupFolder(gpu: boolean): string {
  const build = gpu ? "cuda" : "cpu";
  return join(userCacheFolder(), `tensorflow-${TENSORFLOW_VERSION}-${build}`);
}

/** The folder of a library that `setup` downloaded, undefined if it does not exist. */
export function installedLibrary(gpu: boolean): string | undefined {
  const folder = setupFolder(gpu);
  try {
    return Deno.statSync(folder).isDirectory ? folder : undefined;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}
