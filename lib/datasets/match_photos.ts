const extension = /\.(jpe?g|jfif|png|webp|gif|tiff?|bmp|avif|heic)$/i;

/**
 * Which entry of a features file is that of a photo: by path or by name alone, with or without
 * extension.
 *
 * ```ts
 * import { matchPhotos } from "./match_photos.ts";
 *
 * const entryOf = matchPhotos(["1000268201_693b08cb0e", "b/2.png"]);
 * entryOf("Images/1000268201_693b08cb0e.jpg"); // 0
 * entryOf("b/2.png"); // 1
 * entryOf("3.jpg"); // undefined
 * ```
 *
 * @param names of the entries
 * @returns the entry's place; undefined if there is none, "ambiguous" if several could be meant
 */
export function matchPhotos(
  names: readonly string[],
): (photo: string) => number | "ambiguous" | undefined {
  const places = new Map<string, number | "ambiguous">();
  // The surest first: what is a path's whole text is not made ambiguous by another's ending.
  for (const form of forms) {
    const found = new Map<string, number | "ambiguous">();
    for (const [place, name] of names.entries()) {
      const key = form(name);
      const before = found.get(key);
      found.set(key, before === undefined || before === place ? place : "ambiguous");
    }
    for (const [key, place] of found) if (!places.has(key)) places.set(key, place);
  }
  return (photo) => {
    for (const form of forms) {
      const place = places.get(form(photo));
      if (place !== undefined) return place;
    }
  };
}

const withSlashes = (path: string) => path.replaceAll("\\", "/").replace(/^\.\//, "");
const withoutExtension = (path: string) => withSlashes(path).replace(extension, "");
const lastPart = (path: string) => path.slice(path.lastIndexOf("/") + 1);

/** A path, then without extension, then the name alone, then that without extension. */
const forms: readonly ((path: string) => string)[] = [
  withSlashes,
  withoutExtension,
  (path) => lastPart(withSlashes(path)),
  (path) => lastPart(withoutExtension(path)),
];
