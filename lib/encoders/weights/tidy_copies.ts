import { join } from "node:path";
import { removeFile, removeLeftovers } from "../../storage/mod.ts";

/** Copies of weights that are kept; each has at most 32 MiB. */
const MOST = 8;

/** Deletes all but the newest copies of weights, and what killed writers left. */
export async function tidyCopies(folder: string): Promise<void> {
  await removeLeftovers(folder);
  const newest = new Map<string, number>();
  for await (const { name } of Deno.readDir(folder)) {
    const [copy] = name.split(".");
    if (copy === "") continue; // a file that is being written
    const { mtime } = await Deno.stat(join(folder, name));
    newest.set(copy, Math.max(newest.get(copy) ?? 0, mtime?.getTime() ?? 0));
  }
  const old = [...newest].sort(([, a], [, b]) => b - a).slice(MOST).map(([copy]) => copy);
  for (const copy of old) {
    for (const kind of ["json", "safetensors"]) await removeFile(join(folder, `${copy}.${kind}`));
  }
}
