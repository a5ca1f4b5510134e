import { crc32 } from "node:zlib";
import { basename, join } from "node:path";
import type { Listener } from "../../progress/mod.ts";
import { listZip, unlessNotFound, unpackZip, type ZipEntry } from "../../storage/mod.ts";

/** Begins the names of what the downloads' folder has besides downloads. */
export const OWN_NAMES = ".showtell-";

const REMEDY = "delete it and run again, or check its address in dataset.downloads";

/**
 * Unpacks an archive into a folder that this process has locked, never over a file: beside first, so
 * that each file and folder appears only when complete.
 *
 * @throws {Error} if something else has the name of an entry, before anything is unpacked
 */
export async function unpackArchive(
  archive: string,
  folder: string,
  options: Omit<Listener, "say">,
): Promise<void> {
  const places = new Places(folder, archive);
  for (const entry of await listZip(archive, { remedy: REMEDY })) await places.check(entry);
  const beside = join(folder, `${OWN_NAMES}unpacking-${basename(archive)}`);
  await removeIfAny(beside); // left by a process that was killed
  try {
    await unpackZip(archive, beside, { ...options, remedy: REMEDY });
    await moveInto(folder, beside);
  } finally {
    await removeIfAny(beside);
  }
}

/** What is at the places of an archive's entries. */
class Places {
  readonly #folder: string;
  readonly #archive: string;
  readonly #seen = new Map<string, Deno.FileInfo | undefined>();

  constructor(folder: string, archive: string) {
    this.#folder = folder;
    this.#archive = archive;
  }

  /** @throws {Error} if the entry cannot be put there without changing something */
  async check({ name, size, crc32, isFolder }: ZipEntry): Promise<void> {
    const parts = name.split("/").filter((part) => part !== "" && part !== ".");
    if (parts[0]?.startsWith(OWN_NAMES)) {
      throw this.#refusal(`its entry ${name} has a name that is kept for notes on downloads`);
    }
    for (let depth = 1; depth <= parts.length; depth++) {
      const path = join(this.#folder, ...parts.slice(0, depth));
      const there = await this.#at(path);
      if (there === undefined) return;
      const asFolder = depth < parts.length || isFolder;
      if (asFolder && there.isDirectory) continue;
      if (there.isSymlink) {
        throw this.#refusal(`${path} is a symbolic link, and nothing is written through it`);
      }
      const isSame = !asFolder && there.isFile && there.size === size &&
        await crcOf(path) === crc32;
      if (!isSame) {
        const what = there.isDirectory ? "a folder" : asFolder ? "a file" : "another file";
        throw this.#refusal(`${path} is there already, as ${what}, and is not replaced`);
      }
    }
  }

  async #at(path: string): Promise<Deno.FileInfo | undefined> {
    if (!this.#seen.has(path)) {
      this.#seen.set(path, await Deno.lstat(path).catch(unlessNotFound));
    }
    return this.#seen.get(path);
  }

  #refusal(why: string): Error {
    return new Error(
      `${this.#archive} is not unpacked: ${why}; move that away, or leave the archive out of ` +
        "dataset.downloads",
    );
  }
}

async function crcOf(path: string): Promise<number> {
  let sum = 0;
  using file = await Deno.open(path);
  for await (const piece of file.readable) sum = crc32(piece, sum);
  return sum;
}

/** Moves what a folder has into another; what is there already, which is the same, stays. */
async function moveInto(folder: string, from: string): Promise<void> {
  for (const { name, isDirectory } of await Array.fromAsync(Deno.readDir(from))) {
    const target = join(folder, name);
    const there = await Deno.lstat(target).catch(unlessNotFound);
    if (there === undefined) await Deno.rename(join(from, name), target);
    else if (isDirectory && there.isDirectory) await moveInto(target, join(from, name));
  }
}

async function removeIfAny(folder: string): Promise<void> {
  await Deno.remove(folder, { recursive: true }).catch(unlessNotFound);
}
