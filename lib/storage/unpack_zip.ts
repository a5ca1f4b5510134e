import { dirname, join, resolve, sep } from "node:path";
import type { Entry, ZipFile } from "yauzl";
import type { Listener } from "../progress/mod.ts";
import { checkContent, readHead } from "./check_content.ts";
import { explainWriteError } from "./write_error.ts";

/** What macOS adds to archives. */
const OF_MACOS = /(^|\/)(__MACOSX\/|\.DS_Store$)/;

/** Which entries are unpacked, and how. */
export interface UnpackZipOptions extends Omit<Listener, "say"> {
  /**
   * Whether an entry of this name is unpacked.
   *
   * @default {() => true}
   */
  keep?: (name: string) => boolean;
  /**
   * What to do about an archive that cannot be unpacked, for the error message.
   *
   * @default {"delete it and run again"}
   */
  remedy?: string;
  /**
   * Whether each file is flushed to the disk; slow for many files.
   *
   * @default {false}
   */
  sync?: boolean;
}

/** A file or folder in an archive, as its directory describes it. */
export interface ZipEntry {
  /** Its path, separated by `/`. */
  name: string;
  /** Bytes of a file. */
  size: number;
  /** Checksum of a file. */
  crc32: number;
  /** Whether it is a folder. */
  isFolder: boolean;
}

/**
 * What {@linkcode unpackZip} would unpack.
 *
 * @throws {Error} if it is not a complete ZIP archive, or an entry would lie outside the folder, is a
 * symbolic link or has the name of another
 */
export async function listZip(
  archive: string,
  { remedy = "delete it and run again" }: Pick<UnpackZipOptions, "remedy"> = {},
): Promise<ZipEntry[]> {
  const { default: yauzl } = await import("yauzl");
  let zip: ZipFile | undefined;
  try {
    checkContent(archive, readHead(archive), "a zip archive", ["zip"]);
    zip = await yauzl.openPromise(archive, { lazyEntries: true, autoClose: false });
    const entries = new Map<string, ZipEntry>();
    for await (
      const { fileName: name, uncompressedSize: size, crc32, ...entry } of zip.eachEntry()
    ) {
      if (OF_MACOS.test(name)) continue;
      if (isLink(entry)) throw new Error(`${name} is a symbolic link`);
      if (entries.has(name)) throw new Error(`${name} occurs twice`);
      entries.set(name, { name, size, crc32, isFolder: name.endsWith("/") });
    }
    return [...entries.values()];
  } catch (error) {
    throw new Error(
      `${archive} cannot be unpacked (${(error as Error).message}): ${remedy}`,
      { cause: error },
    );
  } finally {
    zip?.close();
  }
}

/** By the Unix file mode. */
function isLink({ externalFileAttributes }: Pick<Entry, "externalFileAttributes">): boolean {
  return (externalFileAttributes >>> 16 & 0o170000) === 0o120000;
}

/**
 * Unpacks a ZIP archive into a folder, entry by entry; each file appears only when complete. What
 * macOS adds (`__MACOSX`, `.DS_Store`) is skipped.
 *
 * @throws {Error} if it is not a complete ZIP archive, if an entry is a symbolic link or would lie
 * outside the folder, or if the folder is not writable
 */
export async function unpackZip(
  archive: string,
  folder: string,
  options: UnpackZipOptions = {},
): Promise<void> {
  const { keep = () => true, remedy = "delete it and run again", sync = false } = options;
  const { default: yauzl } = await import("yauzl");
  let zip: ZipFile | undefined;
  try {
    checkContent(archive, readHead(archive), "a zip archive", ["zip"]);
    zip = await yauzl.openPromise(archive, { lazyEntries: true, autoClose: false });
    let done = 0;
    for await (const entry of zip.eachEntry()) {
      options.signal?.throwIfAborted();
      const wanted = !OF_MACOS.test(entry.fileName) && keep(entry.fileName);
      if (wanted) await unpackEntry(zip, entry, folder, sync);
      options.onProgress?.("Unpacking", ++done, zip.entryCount);
    }
  } catch (error) {
    if (error === options.signal?.reason) throw error;
    const explained = explainWriteError(error, join(folder, "…"), folder);
    if (explained !== error) throw explained;
    throw new Error(
      `${archive} cannot be unpacked (${(error as Error).message}): ${remedy}`,
      { cause: error },
    );
  } finally {
    zip?.close();
  }
}

async function unpackEntry(
  zip: ZipFile,
  entry: Entry,
  folder: string,
  sync: boolean,
): Promise<void> {
  const name = entry.fileName;
  const path = resolve(folder, name);
  if (!path.startsWith(resolve(folder) + sep)) throw new Error(`${name} lies outside the folder`);
  if (isLink(entry)) throw new Error(`${name} is a symbolic link`);
  if (name.endsWith("/")) return await Deno.mkdir(path, { recursive: true });
  await Deno.mkdir(dirname(path), { recursive: true });
  const part = `${path}.part`;
  const content = await zip.openReadStreamPromise(entry);
  try {
    using file = await Deno.open(part, { write: true, create: true, truncate: true });
    for await (const chunk of content) {
      const bytes = chunk as Uint8Array;
      for (let at = 0; at < bytes.length;) at += await file.write(bytes.subarray(at));
    }
    if (sync) await file.sync();
    await Deno.rename(part, path);
  } catch (error) {
    await Deno.remove(part).catch(() => {});
    throw error;
  }
}
