import { resolve } from "node:path";
import { isFolder } from "../storage/mod.ts";
import { listTree } from "./list_tree.ts";
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
    if (await isFolder(path)) return { path, files: (await listTree(path)).files };
  }
  const paths = new Set(candidates.map((name) => resolve(source, name)));
  throw new Error(
    `There is no photo folder ${[...paths].join(" or ")}: ` +
      "put the photos there, or set dataset.images to the folder that has them",
  );
}
