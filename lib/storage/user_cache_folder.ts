import { join } from "node:path";

/**
 * Where downloads are kept once per user: `.cache/showtell` in the home folder.
 *
 * @throws {Error} if the environment variable HOME is not set
 */
export function userCacheFolder(): string {
  const home = Deno.env.get("HOME");
  if (!home) {
    throw new Error(
      "The environment variable HOME is not set, so there is no folder for downloads: set it to your home folder",
    );
  }
  return join(home, ".cache", "showtell");
}
