import { join } from "node:path";
import { explainWriteError, readInput, sha256, unlessNotFound } from "../../storage/mod.ts";
import type { HerePhoto } from "./photo_record.ts";

/** Folder in the photo folder where files are written; leftovers of a killed process are removed. */
const GROWING = ".growing";

/**
 * The file name of a photo. All are in one folder, as in the bucket, so that a folder of photos from
 * elsewhere can be used; today's file systems index names.
 */
export function photoFile(id: string): string {
  return `${id}.jpg`;
}

/**
 * Prepares the photo folder for writing and removes what a killed process left half-written; the
 * folder is locked by the caller.
 */
export async function openPhotoFolder(folder: string): Promise<void> {
  const growing = join(folder, GROWING);
  try {
    await closePhotoFolder(folder);
    await Deno.mkdir(growing, { recursive: true });
  } catch (error) {
    throw explainWriteError(error, growing, folder);
  }
}

/** Removes what `openPhotoFolder` created. */
export async function closePhotoFolder(folder: string): Promise<void> {
  await Deno.remove(join(folder, GROWING), { recursive: true }).catch(unlessNotFound);
}

/**
 * Writes a photo; it gets its name once complete, so that a process killed at any moment leaves
 * nothing half-written under that name. Files are not synced to the disk, which would take longer than
 * everything else: after a power loss the last photos may be empty, which `examinePhoto` notices.
 *
 * @throws {Error} naming the folder and what to do, if the disk is full or not writable
 */
export async function writePhoto(
  folder: string,
  id: string,
  bytes: Uint8Array,
): Promise<HerePhoto> {
  const path = join(folder, photoFile(id));
  const growing = join(folder, GROWING, id);
  try {
    await Deno.writeFile(growing, bytes);
    const { mtime } = Deno.statSync(growing); // cached by the kernel: a thread would take longer
    await Deno.rename(growing, path);
    return { sha256: sha256(bytes), size: bytes.length, modified: Number(mtime) };
  } catch (error) {
    await Deno.remove(growing).catch(() => {}); // frees space for complete photos
    throw explainWriteError(error, path);
  }
}

/** Names of all files in the photo folder; none if it does not exist. */
export async function listPhotoFiles(folder: string): Promise<Set<string>> {
  const names = new Set<string>();
  try {
    for await (const { name, isDirectory } of Deno.readDir(folder)) {
      if (!isDirectory) names.add(name);
    }
  } catch (error) {
    unlessNotFound(error);
  }
  return names;
}

/** Size and time of a photo's file. */
export async function statPhoto(
  folder: string,
  id: string,
): Promise<{ size: number; modified: number }> {
  const { size, mtime } = await Deno.stat(join(folder, photoFile(id)));
  return { size, modified: Number(mtime) };
}

/**
 * Reads a photo that is not as recorded; undefined if it is damaged: empty, or ending in the zeros
 * that some file systems leave after a power loss.
 */
export async function examinePhoto(folder: string, id: string): Promise<HerePhoto | undefined> {
  const path = join(folder, photoFile(id));
  const bytes = await readInput(path);
  if (bytes.subarray(-16).every((byte) => byte === 0)) return undefined;
  const { size, mtime } = await Deno.stat(path);
  return { sha256: sha256(bytes), size, modified: Number(mtime) };
}
