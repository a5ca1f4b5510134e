import { isAbsolute, join, resolve } from "node:path";

/** The photos of a data set. */
export interface PhotoFolder {
  /** Absolute. */
  path: string;
  /** Names as on the disk, by their composed Unicode form (NFC) and as they are. */
  names: Map<string, string>;
}

/**
 * Lists the photos in the folder of the given name or, without one, in the first that is there of
 * some usual names.
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
    if (await Deno.stat(path).then((stat) => stat.isDirectory, () => false)) {
      return { path, names: await listNames(path) };
    }
  }
  throw new Error(
    `There is no photo folder ${candidates.map((name) => join(source, name)).join(" or ")}: ` +
      "put the photos there, or set dataset.images to the folder that has them",
  );
}

async function listNames(path: string): Promise<Map<string, string>> {
  const files: string[] = [];
  for await (const entry of Deno.readDir(path)) if (!entry.isDirectory) files.push(entry.name);
  files.sort();
  return new Map([
    ...files.map((name) => [name.normalize("NFC"), name] as const),
    ...files.map((name) => [name, name] as const),
  ]);
}

/** The name on the disk of a photo that a caption or a list names, if it is there. */
export function findPhoto(folder: PhotoFolder, name: string): string | undefined {
  return folder.names.get(name) ?? folder.names.get(name.normalize("NFC"));
}
