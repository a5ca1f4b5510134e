import { join } from "node:path";
import type { Listener } from "../progress/mod.ts";
import { isLocked, lockFolder } from "./lock_folder.ts";
import { openLocked, removeLocked } from "./locked_file.ts";
import { isNotFound } from "./not_found.ts";
import { isGone, removeGone, restorableName, restoreFolder } from "./whole_folder.ts";
import { isForbidden } from "./write_error.ts";
import { removeLeftovers } from "./write_file_whole.ts";

/** Files beside a folder that are locked while it is worked on or used. */
const LOCK_FILE = /^\..+\.(lock|use)$/;

/**
 * Removes what dead processes left in a folder, not in its subfolders: temporary files and folders
 * and lock files. A folder that was about to be replaced is there again. What a living process holds
 * stays, and so does everything where nothing may be written.
 */
export async function tidyFolder(
  folder: string,
  listener: Pick<Listener, "say"> = {},
): Promise<void> {
  try {
    const names = (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name)
      .filter((name) => name.startsWith("."));
    if (names.some((name) => name.startsWith(".showtell-"))) await removeLeftovers(folder);
    for (const name of names.filter(isGone)) await removeGone(join(folder, name));
    for (const name of new Set(names.flatMap((name) => restorableName(name) ?? []))) {
      await restoreUnlessLocked(join(folder, name), listener);
    }
    for (const name of names) if (LOCK_FILE.test(name)) await removeUnlessHeld(join(folder, name));
  } catch (error) {
    if (isNotFound(error) || isForbidden(error)) return;
    throw error;
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
  const file = await openLocked(path);
  if (file !== undefined) removeLocked(path, file);
}
