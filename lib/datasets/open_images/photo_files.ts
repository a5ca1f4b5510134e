import { join } from "node:path";
import { explainWriteError, sha256, unlessNotFound } from "../../storage/mod.ts";
import type { HerePhoto } from "./photo_record.ts";

/** Folder within the photo folder where files grow; what a kill left there is removed. */
const GROWING = ".growing";

/**
 * The file of a photo: all in one folder, as they lie in the bucket and in the notebooks, so that a
 * folder of photos from elsewhere can be named. File systems of today find names by an index.
 */
export function photoFile(id: string): string {
  return `${id}.jpg`;
}

/**
 * Makes the photo folder ready for writing and clears away what a killed process left half-written;
 * the folder is locked by the caller.
 */
export async function openPhotoFolder(folder: string): Promise<void> {
  const growing = join(folder, GROWING);
  try {
    await closePhotoFolder(folder);
    await Deno.mkdir(growing);
  } catch (error) {
    throw explainWriteError(error, growing, folder);
  }
}

/** Removes what `openPhotoFolder` made. */
export async function closePhotoFolder(folder: string): Promise<void> {
  await Deno.remove(join(folder, GROWING), { recursive: true }).catch(unlessNotFound);
}

/**
 * Writes a photo; it gets its name when it is whole, so that a process killed at any moment leaves
 * nothing half-written under it. Nothing is forced to the disk, which would take longer than all the
 * rest: after a loss of power the photos of the last seconds may be empty, which `lookAtPhoto` sees.
 *
 * @throws {Error} naming the folder and what to do, if the disk is full or must not be written
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
    const { mtime } = Deno.statSync(growing); // known to the kernel: a thread would take longer
    await Deno.rename(growing, path);
    return { sha256: sha256(bytes), size: bytes.length, modified: Number(mtime) };
  } catch (error) {
    await Deno.remove(growing).catch(() => {}); // room for the photos that are whole
    throw explainWriteError(error, path);
  }
}

/** Names of all files in the photo folder; none if it is not there. */
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
 * Reads a photo that the record does not know as it is; undefined if it is not whole: empty, or
 * ending in the zeros that some file systems leave after a loss of power.
 */
export async function lookAtPhoto(folder: string, id: string): Promise<HerePhoto | undefined> {
  const path = join(folder, photoFile(id));
  const bytes = await Deno.readFile(path);
  if (bytes.subarray(-16).every((byte) => byte === 0)) return undefined;
  const { size, mtime } = await Deno.stat(path);
  return { sha256: sha256(bytes), size, modified: Number(mtime) };
}
