import { join } from "node:path";
import { digestJson } from "./digests.ts";
import { readTextIfAny } from "./read_text_if_any.ts";
import { userCacheFolder } from "./user_cache_folder.ts";
import { writeFileWhole } from "./write_file_whole.ts";

/**
 * What a trial found that takes seconds, kept in the user's cache. Where it cannot be kept or read, the
 * trial is made again: neither is an error.
 */
export interface KeptResult {
  /** What was kept, as JSON; undefined if there is nothing that can be read. */
  read(): Promise<unknown>;
  /** Keeps a result that JSON can hold. */
  write(value: object): Promise<void>;
}

/**
 * The place of a result.
 *
 * @param folder within the user's cache
 * @param key all that the result depends on; with another one nothing is kept yet
 */
export function keptResult(folder: string, key: object): KeptResult {
  const path = Deno.env.get("HOME")
    ? join(userCacheFolder(), folder, `${digestJson(key).slice(0, 16)}.json`)
    : undefined;
  return {
    async read() {
      try {
        const text = path === undefined ? undefined : await readTextIfAny(path);
        return text === undefined ? undefined : JSON.parse(text);
      } catch {
        return undefined;
      }
    },
    async write(value) {
      if (path !== undefined) {
        await writeFileWhole(path, JSON.stringify(value) + "\n").catch(() => {});
      }
    },
  };
}
