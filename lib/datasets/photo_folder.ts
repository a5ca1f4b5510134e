import { isAbsolute, join, resolve } from "node:path";
import { isFolder } from "../storage/mod.ts";

/** The photos of a data set. */
export interface PhotoFolder {
  /** Absolute. */
  path: string;
  /** Names as on the disk, by their composed Unicode form (NFC) and as they are. */
  names: Map<string, string>;
  /**
   * If photos may be named without folder or extension: names on the disk by that short name, null if
   * several photos share it.
   */
  shortNames?: Map<string, string | null>;
}

/**
 * Lists the photos in the named folder or, without a name, in the first of the usual ones that exists.
 *
 * @throws {Error} naming the folder and what to do, if there is none
 */
export async function listPhotoFolder(
  source: string,
  images: string | undefined,
  usualNames: readonly string[],
): Promise<PhotoFolder> {
  const candidates = images === undefined ? usualNames : [images];
  for (const name of candidates) {
    const path = isAbsolute(name) ? name : resolve(source, name);
    if (await isFolder(path)) return { path, names: await listNames(path) };
  }
  throw noFolder(source, candidates);
}

/**
 * Lists the photos in a folder and its subfolders, by relative paths with `/`; they are also found by
 * name alone, with and without extension.
 *
 * @param images the folder, relative to the source or else to the current folder; by default the first
 *   of the usual ones that exists
 * @throws {Error} naming the folder and what to do, if there is none
 */
export async function listPhotoTree(
  source: string,
  images: string | undefined,
  usualNames: readonly string[],
): Promise<PhotoFolder> {
  const candidates = images === undefined ? usualNames : [images, resolve(images)];
  for (const name of candidates) {
    const path = resolve(source, name);
    if (!await isFolder(path)) continue;
    const files = await listTree(path);
    return { path, names: namesOf(files), shortNames: shortNamesOf(files) };
  }
  throw noFolder(source, candidates);
}

/** The name on the disk of a photo that a caption or a list names; undefined if it is not there. */
export function findPhoto(folder: PhotoFolder, name: string): string | undefined {
  const found = folder.names.get(name) ?? folder.names.get(name.normalize("NFC"));
  if (found !== undefined || folder.shortNames === undefined) return found;
  const path = name.replaceAll("\\", "/").replace(/^(\.\/)+/, "").normalize("NFC");
  return folder.names.get(path) ?? folder.shortNames.get(path.slice(path.lastIndexOf("/") + 1)) ??
    undefined;
}

/** Whether a photo is not found because several share its short name. */
export function isAmbiguous({ shortNames }: PhotoFolder, name: string): boolean {
  return shortNames?.get(name.slice(name.lastIndexOf("/") + 1).normalize("NFC")) === null;
}

function noFolder(source: string, candidates: readonly string[]): Error {
  const paths = new Set(candidates.map((name) => resolve(source, name)));
  return new Error(
    `There is no photo folder ${[...paths].join(" or ")}: ` +
      "put the photos there, or set dataset.images to the folder that has them",
  );
}

async function listNames(path: string): Promise<Map<string, string>> {
  const files: string[] = [];
  for await (const entry of Deno.readDir(path)) if (!entry.isDirectory) files.push(entry.name);
  return namesOf(files.sort());
}

function namesOf(files: readonly string[]): Map<string, string> {
  const names = new Map<string, string>();
  for (const name of files) names.set(name.normalize("NFC"), name);
  for (const name of files) names.set(name, name);
  return names;
}

function shortNamesOf(files: readonly string[]): Map<string, string | null> {
  const short = new Map<string, string | null>();
  const add = (key: string, file: string) => {
    const other = short.get(key);
    short.set(key, other === undefined || other === file ? file : null);
  };
  for (const file of files) {
    const name = file.slice(file.lastIndexOf("/") + 1).normalize("NFC");
    add(name, file);
    const stem = name.replace(/\.\w{1,5}$/, "");
    if (stem !== name) add(stem, file);
  }
  return short;
}

/** Files in a folder and its subfolders, also linked ones, each folder once. */
async function listTree(root: string): Promise<string[]> {
  const seen = new Set<string>();
  const files: string[] = [];
  const walk = async (folder: string, prefix: string) => {
    const real = await Deno.realPath(folder);
    if (seen.has(real)) return;
    seen.add(real);
    const entries: Deno.DirEntry[] = [];
    for await (const entry of Deno.readDir(folder)) entries.push(entry);
    entries.sort((a, b) => a.name < b.name ? -1 : 1);
    for (const { name, isDirectory, isSymlink } of entries) {
      const path = join(folder, name);
      if (isDirectory || isSymlink && await isFolder(path)) await walk(path, `${prefix}${name}/`);
      else files.push(prefix + name);
    }
  };
  await walk(root, "");
  return files;
}
