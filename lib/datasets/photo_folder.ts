import { join, resolve } from "node:path";
import { isFolder } from "../storage/mod.ts";
import type { NamedPhotos } from "./photo_names/photo_tree.ts";

/** The photos of a data set. */
export interface PhotoFolder extends NamedPhotos {
  /** Absolute. */
  path: string;
}

/**
 * Lists the files in a folder and its subfolders, by relative paths with `/`; hidden ones and what
 * macOS and notebooks put beside photos (`__MACOSX`, `._1.jpg`) are left out.
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
    if (await isFolder(path)) return { path, files: await listTree(path) };
  }
  const paths = new Set(candidates.map((name) => resolve(source, name)));
  throw new Error(
    `There is no photo folder ${[...paths].join(" or ")}: ` +
      "put the photos there, or set dataset.images to the folder that has them",
  );
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
    for await (const entry of Deno.readDir(folder)) {
      if (!entry.name.startsWith(".") && entry.name !== "__MACOSX") entries.push(entry);
    }
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
