import { dirname, join, resolve, sep } from "node:path";
import { Readable } from "node:stream";
import type { Entry, ZipFile } from "yauzl";
import { explainWriteError } from "../../storage/mod.ts";
import type { Listener } from "../../listener/mod.ts";

/**
 * Unpacks a zip archive into a folder, entry by entry; each file appears only when complete. What
 * macOS adds (`__MACOSX`, `.DS_Store`) is skipped.
 *
 * @throws {Error} if it is not a complete zip archive, or an entry would lie outside the folder
 */
export async function unpackZip(
  archive: string,
  folder: string,
  options: Omit<Listener, "say"> = {},
): Promise<void> {
  const { default: yauzl } = await import("yauzl");
  let zip: ZipFile | undefined;
  try {
    zip = await yauzl.openPromise(archive, { lazyEntries: true, autoClose: false });
    let done = 0;
    for await (const entry of zip.eachEntry()) {
      options.signal?.throwIfAborted();
      await unpackEntry(zip, entry, folder);
      options.onProgress?.("Unpacking", ++done, zip.entryCount);
    }
  } catch (error) {
    if (error === options.signal?.reason) throw error;
    const explained = explainWriteError(error, join(folder, "…"), folder);
    if (explained !== error) throw explained;
    throw new Error(
      `${archive} cannot be unpacked (${(error as Error).message}): delete it and run again, or ` +
        "check its address in dataset.downloads",
      { cause: error },
    );
  } finally {
    zip?.close();
  }
}

async function unpackEntry(zip: ZipFile, entry: Entry, folder: string): Promise<void> {
  const name = entry.fileName;
  if (/(^|\/)(__MACOSX\/|\.DS_Store$)/.test(name)) return;
  const path = resolve(folder, name);
  if (!path.startsWith(resolve(folder) + sep)) throw new Error(`${name} lies outside the folder`);
  const isLink = (entry.externalFileAttributes >>> 16 & 0o170000) === 0o120000;
  if (isLink) throw new Error(`${name} is a symbolic link`);
  if (name.endsWith("/")) return await Deno.mkdir(path, { recursive: true });
  await Deno.mkdir(dirname(path), { recursive: true });
  const part = `${path}.part`;
  const content = await zip.openReadStreamPromise(entry);
  const file = await Deno.open(part, { write: true, create: true, truncate: true });
  try {
    await Readable.toWeb(content).pipeTo(file.writable as WritableStream);
    await Deno.rename(part, path);
  } catch (error) {
    await Deno.remove(part).catch(() => {});
    throw error;
  }
}
