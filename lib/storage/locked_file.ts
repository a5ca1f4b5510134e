import { unlessNotFound } from "./not_found.ts";

/**
 * Opens the file `path` (created if missing) and locks it against everyone else, this process
 * included; the kernel frees the lock when the file is closed or its process dies, even by kill -9.
 *
 * @returns undefined if it is locked already
 */
export async function openLocked(path: string): Promise<Deno.FsFile | undefined> {
  while (true) {
    const file = await Deno.open(path, { read: true, write: true, create: true });
    let mine = false;
    try {
      if (!await file.tryLock(true)) return undefined;
      mine = await isStillAt(path, file);
      if (mine) return file;
    } finally {
      if (!mine) file.close();
    }
  }
}

/** Whether the file was neither deleted nor renamed between its opening and its locking. */
async function isStillAt(path: string, file: Deno.FsFile): Promise<boolean> {
  const there = await Deno.stat(path).catch(unlessNotFound);
  const here = await file.stat();
  return there?.ino === here.ino && there.dev === here.dev;
}
