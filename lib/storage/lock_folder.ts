import { join } from "node:path";
import { exists } from "./exists.ts";
import { openLocked } from "./locked_file.ts";
import { explainWriteError } from "./write_error.ts";
import type { Listener } from "../progress/mod.ts";

/** Name of the file in a locked folder: one line of JSON, `{"pid":…,"started":"…"}`. */
const LOCK_NAME = "lock.json";

/** How a folder is locked. */
export interface LockOptions extends Pick<Listener, "say"> {
  /**
   * Milliseconds to wait for another holder of the lock.
   *
   * @default {0}
   */
  patience?: number;
}

/**
 * Locks a folder (created if missing) for this process until the result is disposed.
 *
 * The lock is the kernel's, on the file `lock.json`, so a killed process, or a later one with the
 * same number, never keeps a folder locked; a lock file left behind is reported to `say`.
 *
 * ```ts ignore
 * using _lock = await lockFolder("data/runs/shapes", { say: console.error });
 * ```
 *
 * @throws {Error} if another process holds the lock, with its number
 */
export async function lockFolder(
  folder: string,
  { say = () => {}, patience = 0 }: LockOptions = {},
): Promise<Disposable> {
  const path = join(folder, LOCK_NAME);
  const until = performance.now() + patience;
  let file = await openLock(folder, path);
  while (file === undefined && performance.now() < until) {
    await new Promise((resolve) => setTimeout(resolve, 10));
    file = await openLock(folder, path);
  }
  if (file === undefined) throw new Error(inUse(folder, await readOwner(path)));
  try {
    const earlier = await readOwner(path);
    if (earlier !== undefined) {
      say(`${folder}: process ${earlier.pid}, which held it, ended early; resuming from there`);
    }
    await file.truncate(0);
    const owner = { pid: Deno.pid, started: new Date().toISOString() };
    await file.write(new TextEncoder().encode(JSON.stringify(owner) + "\n"));
  } catch (error) {
    release(path, file);
    throw explainWriteError(error, path);
  }
  return { [Symbol.dispose]: () => release(path, file) };
}

/** Whether a process holds the lock of a folder now. */
export async function isLocked(folder: string): Promise<boolean> {
  const path = join(folder, LOCK_NAME);
  if (!await exists(path)) return false;
  const file = await openLocked(path);
  file?.close();
  return file === undefined;
}

function release(path: string, file: Deno.FsFile): void {
  try {
    Deno.removeSync(path); // while still locked, so that nobody else can have taken it
  } catch {
    // The folder may have been removed as a whole.
  }
  file.close();
}

async function openLock(folder: string, path: string): Promise<Deno.FsFile | undefined> {
  try {
    await Deno.mkdir(folder, { recursive: true });
    return await openLocked(path);
  } catch (error) {
    throw explainWriteError(error, path);
  }
}

interface Owner {
  pid: number;
  started: string;
}

async function readOwner(path: string): Promise<Owner | undefined> {
  try {
    const owner = JSON.parse(await Deno.readTextFile(path));
    return Number.isInteger(owner?.pid) ? owner : undefined;
  } catch {
    return undefined; // being written or deleted at this moment
  }
}

function inUse(folder: string, owner: Owner | undefined): string {
  if (owner === undefined) return `${folder} is in use by another process: wait until it ends`;
  const who = owner.pid === Deno.pid ? "this process itself" : `process ${owner.pid}`;
  return `${folder} is in use by ${who} since ${owner.started}: wait until it ends, or stop it`;
}
