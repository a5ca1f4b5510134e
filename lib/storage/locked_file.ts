import { dirname } from "node:path";
import { unlessNotFound } from "./not_found.ts";

/**
 * Opens the file `path` (created if missing) and locks it against everyone else, this process
 * included; the kernel frees the lock when the file is closed or its process dies, even by kill -9.
 *
 * @param shared lets others lock it in this way too
 * @returns undefined if it is locked already
 */
export async function openLocked(path: string, shared = false): Promise<Deno.FsFile | undefined> {
  while (true) {
    const file = await Deno.open(path, { read: true, write: true, create: true });
    let mine = false;
    try {
      if (!await file.tryLock(!shared)) return undefined;
      mine = await isStillAt(path, file);
      if (mine) return file;
    } finally {
      if (!mine) file.close();
    }
  }
}

/**
 * Opens the file `path` like {@linkcode openLocked}, after making its folder, which another process
 * may be removing because it left nothing in it.
 */
export async function openLockedIn(
  path: string,
  shared = false,
): Promise<Deno.FsFile | undefined> {
  while (true) {
    await Deno.mkdir(dirname(path), { recursive: true });
    try {
      return await openLocked(path, shared);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
}

/** Deletes a folder if it is empty. */
export function removeIfEmpty(folder: string): void {
  try {
    Deno.removeSync(folder);
  } catch {
    // Something is in it, or it is gone.
  }
}

/** Deletes a file that {@linkcode openLocked} opened, and closes it. */
export function removeLocked(path: string, file: Deno.FsFile): void {
  try {
    Deno.removeSync(path); // while still locked: nobody else can have begun to use it
  } catch {
    // Its folder may have been removed as a whole.
  }
  file.close();
}

/** Whether the file was neither deleted nor renamed between its opening and its locking. */
async function isStillAt(path: string, file: Deno.FsFile): Promise<boolean> {
  const there = await Deno.stat(path).catch(unlessNotFound);
  const here = await file.stat();
  return there?.ino === here.ino && there.dev === here.dev;
}
