/**
 * Opens the file `path` (made if it is not there) and locks it against all others, this process
 * included; the kernel frees the lock when the file is closed or its process dies, by kill -9 too.
 *
 * @returns undefined if somebody else holds it
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

/** Whether nobody removed or renamed the file between its opening and its locking. */
async function isStillAt(path: string, file: Deno.FsFile): Promise<boolean> {
  try {
    const [there, here] = [await Deno.stat(path), await file.stat()];
    return there.ino === here.ino && there.dev === here.dev;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
