import { basename, dirname, join, resolve } from "node:path";
import { exists } from "./exists.ts";
import { unlessNotFound } from "./not_found.ts";
import { realPath } from "./real_path.ts";
import { explainWriteError } from "./write_error.ts";

/** Of a folder NAME being written, or put aside for a moment while the new one takes its name. */
const BESIDE = /^\.showtell-(?:new|old)-(.+)$/;

const GONE = ".showtell-gone-";

const GONE_NAME = /^\.showtell-gone-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** How {@linkcode writeFolderWhole} writes. */
export interface WriteFolderOptions {
  /** Replaces a folder of that name. @default {false} */
  replace?: boolean;
}

/**
 * Writes a folder completely or not at all: `write` fills a temporary folder beside it, which is
 * renamed at the end. Call it under the folder's lock, by which {@linkcode restoreFolder} knows that
 * the writer is alive.
 *
 * @throws {Error} if the disk is full or not writable: it names the folder and says what to do
 */
export async function writeFolderWhole(
  folder: string,
  write: (temporary: string) => Promise<void>,
  { replace = false }: WriteFolderOptions = {},
): Promise<void> {
  const path = realPath(folder); // a link to it stays, and leads to the new one
  const made = beside(path, "new"), old = beside(path, "old");
  try {
    await restoreFolder(path);
    await Deno.mkdir(made, { recursive: true });
    await write(made);
    if (replace && await exists(path)) {
      await Deno.rename(path, old);
      await Deno.rename(made, path);
      await deleteFolder(old);
    } else {
      await Deno.rename(made, path);
    }
  } catch (error) {
    await restoreFolder(path).catch(() => {}); // the error that led here is the one to report
    throw explainWriteError(error, folder);
  }
}

/**
 * Removes what a killed {@linkcode writeFolderWhole} left beside a folder; one that it was about to
 * replace is there again. Call it under the folder's lock.
 *
 * @returns whether it was gone
 */
export async function restoreFolder(folder: string): Promise<boolean> {
  const path = realPath(folder);
  const old = beside(path, "old");
  const isGone = await exists(old) && !await exists(path);
  if (isGone) await Deno.rename(old, path);
  else await deleteFolder(old);
  await Deno.remove(beside(path, "new"), { recursive: true }).catch(unlessNotFound);
  return isGone;
}

/** Deletes a folder: it is gone under its name before its first file is. A missing one is gone. */
export async function deleteFolder(path: string): Promise<void> {
  const gone = join(dirname(resolve(path)), GONE + crypto.randomUUID());
  try {
    await Deno.rename(path, gone);
    await removeGone(gone);
  } catch (error) {
    unlessNotFound(error);
  }
}

/** The name of the folder that {@linkcode restoreFolder} is to be called for, by a leftover's. */
export function restorableName(leftover: string): string | undefined {
  return BESIDE.exec(leftover)?.[1];
}

/** Whether a folder of this name is being deleted, or was when its process died. */
export function isGone(name: string): boolean {
  return GONE_NAME.test(name);
}

/** Finishes the deletion of a folder; another process may be at it too. */
export async function removeGone(path: string): Promise<void> {
  while (await exists(path)) await Deno.remove(path, { recursive: true }).catch(unlessNotFound);
}

function beside(path: string, what: "new" | "old"): string {
  return join(dirname(path), `.showtell-${what}-${basename(path)}`);
}
