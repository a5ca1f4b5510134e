import { basename, dirname, join } from "node:path";
import type { Listener } from "../progress/mod.ts";
import { isLockContent } from "./lock_content.ts";
import { isLocked, lockFolder } from "./lock_folder.ts";
import { openLocked, removeLocked } from "./locked_file.ts";
import { isNotFound, unlessNotFound } from "./not_found.ts";
import { realPath } from "./real_path.ts";
import { isGone, removeGone, restorableName, restoreFolder } from "./whole_folder.ts";
import { isForbidden } from "./write_error.ts";
import { removeLeftovers } from "./write_file_whole.ts";

/** The file beside a folder that is locked while it is worked on or used, and the folder's name. */
const LOCK_FILE = /^\.(.+)\.(?:lock|use)$/;

/** What {@linkcode tidyFolder} may remove. */
export interface TidyOptions extends Pick<Listener, "say"> {
  /** Names of the folders that may be locked here; locks of others are the user's. @default {none} */
  locked?: RegExp;
}

/**
 * Removes what dead processes left in a folder of the project's own, not in its subfolders: temporary
 * files and folders and lock files. A folder that was about to be replaced is there again. What a
 * living process holds stays, and so does everything where nothing may be written.
 */
export async function tidyFolder(
  folder: string,
  { locked, say }: TidyOptions = {},
): Promise<void> {
  await wherePossible(async () => {
    const names = (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name)
      .filter((name) => name.startsWith("."));
    if (names.some((name) => name.startsWith(".showtell-"))) await removeLeftovers(folder);
    for (const name of names.filter(isGone)) await removeGone(join(folder, name));
    for (const name of new Set(names.flatMap((name) => restorableName(name) ?? []))) {
      await restoreUnlessLocked(join(folder, name), { say });
    }
    for (const name of names) {
      const of = LOCK_FILE.exec(name)?.[1];
      if (of !== undefined && locked?.test(of)) await removeUnlessHeld(join(folder, name));
    }
  });
}

/**
 * Removes what dead processes left beside one folder that may lie among the user's files, and that
 * has its name; it is there again if it was about to be replaced.
 */
export async function tidyBeside(
  folder: string,
  listener: Pick<Listener, "say"> = {},
): Promise<void> {
  await wherePossible(async () => {
    const path = realPath(folder), place = dirname(path), own = basename(path);
    const names = (await Array.fromAsync(Deno.readDir(place))).map(({ name }) => name);
    if (names.some((name) => restorableName(name) === own)) {
      await restoreUnlessLocked(folder, listener);
    }
    for (const name of [`.${own}.lock`, `.${own}.use`]) {
      if (names.includes(name)) await removeUnlessHeld(join(place, name));
    }
  });
}

async function wherePossible(tidy: () => Promise<void>): Promise<void> {
  try {
    await tidy();
  } catch (error) {
    if (!isNotFound(error) && !isForbidden(error)) throw error;
  }
}

async function restoreUnlessLocked(
  folder: string,
  listener: Pick<Listener, "say">,
): Promise<void> {
  if (await isLocked(folder)) return; // its writer is alive
  using _lock = await lockFolder(folder);
  if (await restoreFolder(folder)) {
    listener.say?.(`${folder} is there again: a process was replacing it and ended early`);
  }
}

/** For a moment the lock is held here, which whoever wants it waits for. */
async function removeUnlessHeld(path: string): Promise<void> {
  if (!(await Deno.lstat(path).catch(unlessNotFound))?.isFile) return;
  const file = await openLocked(path);
  if (file === undefined) return;
  if (await isLockContent(file)) removeLocked(path, file);
  else file.close();
}
