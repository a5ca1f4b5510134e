import { join } from "node:path";
import { isNotFound } from "./not_found.ts";

/**
 * The folders in a folder, sorted by name; none if it does not exist. Links do not count, nor do
 * names with a leading dot, such as those of folders that are being written.
 */
export async function subfolders(folder: string): Promise<{ name: string; folder: string }[]> {
  const names: string[] = [];
  try {
    for await (const { name, isDirectory } of Deno.readDir(folder)) {
      if (isDirectory && !name.startsWith(".")) names.push(name);
    }
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
  return names.sort().map((name) => ({ name, folder: join(folder, name) }));
}

/** Bytes of all files in a folder; files deleted meanwhile are not counted. */
export async function folderSize(folder: string): Promise<number> {
  let size = 0;
  try {
    for await (const { name, isDirectory } of Deno.readDir(folder)) {
      const path = join(folder, name);
      size += isDirectory ? await folderSize(path) : (await Deno.lstat(path)).size;
    }
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
  return size;
}
