import { dirname, join } from "node:path";
import { openLocked } from "./locked_file.ts";
import { isNotFound } from "./not_found.ts";
import { removeFile } from "./remove_file.ts";
import { explainWriteError } from "./write_error.ts";

const TEMPORARY_NAME = /^\.showtell-[0-9a-f-]{36}\.tmp$/;

/**
 * Writes a file completely or not at all: its readers see the old content or the new, never a part,
 * even if the process is killed. Missing folders are created.
 *
 * @param data bytes, a text, or pieces of bytes that are written in turn
 * @throws {Error} if the disk is full or not writable: it names the folder and says what to do
 */
export async function writeFileWhole(
  path: string,
  data: Uint8Array | string | Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
): Promise<void> {
  await writeFileWholeBy(path, async (_temporary, file) => {
    for await (const bytes of piecesOf(data)) {
      for (let at = 0; at < bytes.length;) at += await file.write(bytes.subarray(at));
    }
  });
}

function piecesOf(
  data: Uint8Array | string | Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
): Iterable<Uint8Array> | AsyncIterable<Uint8Array> {
  if (typeof data === "string") return [new TextEncoder().encode(data)];
  return data instanceof Uint8Array ? [data] : data;
}

/**
 * Like `writeFileWhole`, for code that cannot wait, such as a signal handler.
 *
 * @throws {Error} if the disk is full or not writable: it names the folder and says what to do
 */
export function writeFileWholeSync(path: string, data: Uint8Array | string): void {
  const bytes = typeof data === "string" ? new TextEncoder().encode(data) : data;
  let temporary: string | undefined;
  try {
    Deno.mkdirSync(dirname(path), { recursive: true });
    temporary = temporaryBeside(path);
    using file = openTemporarySync(temporary);
    for (let at = 0; at < bytes.length;) at += file.writeSync(bytes.subarray(at));
    file.syncSync();
    Deno.renameSync(temporary, path);
  } catch (error) {
    if (temporary !== undefined) removeQuietly(temporary);
    throw explainWriteError(error, path);
  }
}

/**
 * Like `writeFileWhole` for libraries that write by path: what `write` puts into the file
 * `temporary` (created empty and open as `file`) becomes the file `path`.
 *
 * @throws {Error} if the disk is full or not writable: it names the folder and says what to do
 */
export async function writeFileWholeBy(
  path: string,
  write: (temporary: string, file: Deno.FsFile) => void | Promise<void>,
): Promise<void> {
  let temporary: string | undefined;
  try {
    await Deno.mkdir(dirname(path), { recursive: true });
    temporary = temporaryBeside(path);
    using file = await openTemporary(temporary);
    await write(temporary, file);
    await file.sync();
    await renameOver(temporary, path);
  } catch (error) {
    if (temporary !== undefined) removeQuietly(temporary);
    throw explainWriteError(error, path);
  }
}

/** An empty folder in the file's place gives way. */
async function renameOver(temporary: string, path: string): Promise<void> {
  try {
    await Deno.rename(temporary, path);
  } catch (error) {
    if ((error as { code?: string }).code !== "EISDIR") throw error;
    await removeFile(path);
    await Deno.rename(temporary, path);
  }
}

/**
 * Deletes the temporary files that killed writers left in a folder (not in its subfolders); those of
 * running writers stay. A missing folder has none.
 *
 * @returns how many files were deleted
 */
export async function removeLeftovers(folder: string): Promise<number> {
  let removed = 0;
  try {
    for await (const { name, isFile } of Deno.readDir(folder)) {
      if (!isFile || !TEMPORARY_NAME.test(name)) continue;
      if (await removeUnlessLocked(join(folder, name))) removed++;
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return removed;
}

async function removeUnlessLocked(path: string): Promise<boolean> {
  try {
    using file = await Deno.open(path, { write: true });
    if (!await file.tryLock(true)) return false;
    await Deno.remove(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false; // its writer has just renamed it
    throw explainWriteError(error, path);
  }
}

/** Opens a temporary file, locked, which tells `removeLeftovers` that its writer is alive. */
async function openTemporary(path: string): Promise<Deno.FsFile> {
  while (true) { // until no `removeLeftovers` is looking at it, which may have removed it
    const file = await openLocked(path);
    if (file !== undefined) return file;
  }
}

function openTemporarySync(path: string): Deno.FsFile {
  while (true) {
    const file = Deno.openSync(path, { read: true, write: true, create: true });
    if (file.tryLockSync(true) && isThereSync(path)) return file;
    file.close();
  }
}

function isThereSync(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch (error) {
    if (isNotFound(error)) return false;
    throw error;
  }
}

function temporaryBeside(path: string): string {
  return join(dirname(path), `.showtell-${crypto.randomUUID()}.tmp`);
}

function removeQuietly(path: string): void {
  try {
    Deno.removeSync(path);
  } catch {
    // The error that led here is the one to report.
  }
}
