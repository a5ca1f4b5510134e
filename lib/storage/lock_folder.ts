import { basename, dirname, join } from "node:path";
import { exists } from "./exists.ts";
import { isNotFound } from "./not_found.ts";
import { checkLockContent, type Owner, ownerLine, parseOwner } from "./lock_content.ts";
import { openLockedIn, removeIfEmpty, removeLocked } from "./locked_file.ts";
import { realPath } from "./real_path.ts";
import { explainWriteError } from "./write_error.ts";
import type { Listener } from "../progress/mod.ts";

/** Milliseconds that any lock is waited for: who only looks whether it is free holds it for less. */
const LEAST_PATIENCE = 100;

/** Milliseconds between two attempts. */
const POLL = 10;

/** How a folder is locked. */
export interface LockOptions extends Pick<Listener, "say" | "signal"> {
  /**
   * Milliseconds to wait for another holder of the lock; that it waits is said where it may be long.
   *
   * @default {100}
   */
  patience?: number;
}

/**
 * Locks a folder, which need not exist, for this process until the result is disposed.
 *
 * The lock is the kernel's, on the file `.NAME.lock` beside the folder (beside its target, if a link leads there), one line of JSON
 * `{"pid":…,"started":"…"}`: a killed process, or a later one with the same number, never keeps a
 * folder locked, and the folder may be replaced or deleted meanwhile. A lock file left behind is
 * reported to `say`.
 *
 * ```ts ignore
 * using _lock = await lockFolder("data/runs/shapes", { say: console.error });
 * ```
 *
 * @throws {Error} if another process holds the lock, with its number; or a file of the user's has the
 * lock's name
 */
export async function lockFolder(
  folder: string,
  { say = () => {}, patience = LEAST_PATIENCE, signal }: LockOptions = {},
): Promise<Disposable> {
  const path = lockPath(folder);
  const isNew = !await exists(dirname(path));
  const until = performance.now() + Math.max(patience, LEAST_PATIENCE);
  let file = await openLock(folder, path);
  if (file === undefined && patience === Infinity) {
    say(`Waiting for ${nameOf(await readOwner(path))}, which is working on ${folder}`);
  }
  while (file === undefined && performance.now() < until) {
    signal?.throwIfAborted();
    await new Promise((resolve) => setTimeout(resolve, POLL));
    file = await openLock(folder, path);
  }
  if (file === undefined) throw new Error(inUse(folder, await readOwner(path)));
  try {
    await checkLockContent(path, file);
  } catch (error) {
    file.close();
    throw error;
  }
  try {
    const earlier = await readOwner(path);
    if (earlier !== undefined) {
      say(`${folder}: process ${earlier.pid}, which held it, ended early; resuming from there`);
    }
    await file.truncate(0);
    const owner = { pid: Deno.pid, started: new Date().toISOString() };
    await file.write(new TextEncoder().encode(ownerLine(owner)));
  } catch (error) {
    removeLocked(path, file);
    throw explainWriteError(error, folder);
  }
  const held = file;
  return {
    [Symbol.dispose]: () => {
      removeLocked(path, held);
      if (isNew) removeIfEmpty(dirname(path)); // nothing was written there
    },
  };
}

/** Whether a process holds the lock of a folder now. */
export async function isLocked(folder: string): Promise<boolean> {
  try {
    using file = await Deno.open(lockPath(folder));
    return !await file.tryLock(false);
  } catch (error) {
    if (isNotFound(error)) return false;
    throw error;
  }
}

function lockPath(folder: string): string {
  const path = realPath(folder);
  return join(dirname(path), `.${basename(path)}.lock`);
}

async function openLock(folder: string, path: string): Promise<Deno.FsFile | undefined> {
  try {
    return await openLockedIn(path);
  } catch (error) {
    throw explainWriteError(error, folder);
  }
}

async function readOwner(path: string): Promise<Owner | undefined> {
  try {
    return parseOwner(await Deno.readTextFile(path));
  } catch {
    return undefined; // deleted at this moment
  }
}

function inUse(folder: string, owner: Owner | undefined): string {
  if (owner === undefined) return `${folder} is in use by another process: wait until it ends`;
  return `${folder} is in use by ${nameOf(owner)} since ${owner.started}: wait until it ends, or ` +
    "stop it";
}

function nameOf(owner: Owner | undefined): string {
  if (owner === undefined) return "another process";
  return owner.pid === Deno.pid ? "this process itself" : `process ${owner.pid}`;
}
