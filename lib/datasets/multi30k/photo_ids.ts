/**
 * Names each photo as it is on the disk, be it `ID.jpg` or `ID_SECRET.jpg`: the id alone identifies a
 * photo on Flickr.
 *
 * @param files of the photo folder
 * @returns the file of a photo that a list names; the name itself if there is none
 */
export function byFlickrId(files: readonly string[]): (name: string) => string {
  const ids = new Map<string, string>();
  for (const file of files) {
    const id = idOf(file);
    // Other files of the id are other sizes of the photo.
    if (id !== undefined && (!ids.has(id) || isNamedById(file, id))) ids.set(id, file);
  }
  return (name) => ids.get(idOf(name) ?? "") ?? name;
}

function isNamedById(file: string, id: string): boolean {
  return file.slice(file.lastIndexOf("/") + 1) === `${id}.jpg`;
}

/** Flickr's id in a photo's name, such as `12_ab.jpg`, `12_ab_z.jpg` or `12.jpg`. */
function idOf(name: string): string | undefined {
  return /(?:^|\/)(\d+)(?:_[0-9a-f]+)?(?:_[a-z])?\.jpe?g$/i.exec(name)?.[1];
}
