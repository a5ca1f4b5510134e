import { join } from "node:path";
import { exists } from "../../lib/storage/mod.ts";
import type { PreparedData } from "../../lib/stages/mod.ts";

/** Dev photos that a card lists at most. */
const MOST = 12;

/**
 * A few dev photos, spread over the split, whose files are still there.
 *
 * @returns their paths by name
 */
export async function findDevPhotos(prepared: PreparedData): Promise<Map<string, string>> {
  const names = [...new Set((await prepared.captions("dev")).map(({ photo }) => photo))];
  const step = Math.max(1, names.length / MOST);
  const found = new Map<string, string>();
  for (let at = 0; at < names.length && found.size < MOST; at += step) {
    const name = names[Math.floor(at)];
    const path = join(prepared.photoFolder, name);
    if (await exists(path)) found.set(name, path);
  }
  return found;
}
