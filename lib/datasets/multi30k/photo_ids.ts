import type { PhotoFolder } from "../photo_folder.ts";

/**
 * The same photos, also found by `ID.jpg` where the disk has `ID_SECRET.jpg`, and vice versa: the id
 * alone identifies a photo on Flickr.
 */
export function byFlickrId(folder: PhotoFolder): PhotoFolder {
  const names = new Map(folder.names);
  const ids = new Map<string, string>();
  for (const file of new Set(folder.names.values())) {
    const id = idOf(file);
    if (id !== undefined && !ids.has(id)) ids.set(id, file);
  }
  for (const [id, file] of ids) if (!names.has(`${id}.jpg`)) names.set(`${id}.jpg`, file);
  return { ...folder, names };
}

/** Flickr's id in a photo's name, such as `12_ab.jpg`, `12_ab_z.jpg` or `12.jpg`. */
export function idOf(name: string): string | undefined {
  return /(?:^|\/)(\d+)(?:_[0-9a-f]+)?(?:_[a-z])?\.jpe?g$/i.exec(name)?.[1];
}
