import { basename, dirname, join } from "node:path";
import { exists } from "./exists.ts";
import { checkLockContent } from "./lock_content.ts";
import { openLockedIn, removeIfEmpty, removeLocked } from "./locked_file.ts";
import { realPath } from "./real_path.ts";
import { explainWriteError } from "./write_error.ts";

/** Milliseconds to wait for a process that looks whether a folder is in use, or deletes it. */
const PATIENCE = 3000;

/** Milliseconds between two attempts. */
const POLL = 10;

/**
 * The folders that a task reads and nobody may replace, alter or delete before it ends. Any number
 * of processes may use a folder; the kernel frees it when they die.
 */
export class FolderUses implements Disposable {
  readonly #held = new Map<string, Disposable>();

  /**
   * Holds a folder, which need not exist, until this is disposed of.
   *
   * @throws {Error} if another process is altering it
   */
  async use(folder: string): Promise<void> {
    const path = realPath(folder);
    if (!this.#held.has(path)) this.#held.set(path, await useFolder(folder));
  }

  /**
   * Makes sure that nobody else uses a folder until the result is disposed of; the own use of it ends.
   *
   * @throws {Error} if another process uses it
   */
  async alone(folder: string): Promise<Disposable> {
    const path = realPath(folder);
    this.#held.get(path)?.[Symbol.dispose]();
    this.#held.delete(path);
    return await lockUnused(folder);
  }

  /** Lets others have the folders; more may be used later. */
  [Symbol.dispose](): void {
    for (const use of this.#held.values()) use[Symbol.dispose]();
    this.#held.clear();
  }
}

/** Folders that this process holds until it exits. */
export function usesUntilExit(): FolderUses {
  const uses = new FolderUses();
  globalThis.addEventListener("unload", () => uses[Symbol.dispose]());
  return uses;
}

/**
 * Makes sure that no process uses a folder, and that none begins to, until the result is disposed of.
 *
 * @throws {Error} if one does
 */
export async function lockUnused(folder: string): Promise<Disposable> {
  const path = usersPath(folder);
  const file = await openPatiently(folder, path, false, 100);
  if (file !== undefined) return { [Symbol.dispose]: () => removeLocked(path, file) };
  throw new Error(
    `${folder} is in use by another process: wait until it ends, or stop it; a notebook's kernel ` +
      "uses what it read until it is shut down",
  );
}

async function useFolder(folder: string): Promise<Disposable> {
  const path = usersPath(folder);
  const isNew = !await exists(dirname(path));
  const file = await openPatiently(folder, path, true, PATIENCE);
  if (file === undefined) {
    throw new Error(`${folder} is being altered by another process: wait until it ends`);
  }
  return {
    [Symbol.dispose]: () => {
      if (file.tryLockSync(true)) removeLocked(path, file); // the last one to use it
      else file.close();
      if (isNew) removeIfEmpty(dirname(path));
    },
  };
}

async function openPatiently(
  folder: string,
  path: string,
  shared: boolean,
  patience: number,
): Promise<Deno.FsFile | undefined> {
  const until = performance.now() + patience;
  let file: Deno.FsFile | undefined;
  try {
    while (true) {
      file = await openLockedIn(path, shared);
      if (file !== undefined) await checkLockContent(path, file);
      if (file !== undefined || performance.now() >= until) return file;
      await new Promise((resolve) => setTimeout(resolve, POLL));
    }
  } catch (error) {
    file?.close();
    throw explainWriteError(error, folder);
  }
}

function usersPath(folder: string): string {
  const path = realPath(folder);
  return join(dirname(path), `.${basename(path)}.use`);
}
