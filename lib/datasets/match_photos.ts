const EXTENSION = /\.(jpe?g|jfif|png|webp|gif|tiff?|bmp|avif|heic)$/i;

/**
 * Finds the entry of a features file that belongs to a photo: by path or by name alone, with or
 * without extension.
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
 * @returns the entry's index; undefined if there is none, "ambiguous" if several could be meant
 */
export function matchPhotos(
  names: readonly string[],
): (photo: string) => number | "ambiguous" | undefined {
  const entries = new Map<string, number | "ambiguous">();
  // The most exact first: a whole path is not ambiguous because another path ends like it.
  for (const form of forms) {
    const found = new Map<string, number | "ambiguous">();
    for (const [index, name] of names.entries()) {
      const key = form(name);
      const before = found.get(key);
      found.set(key, before === undefined || before === index ? index : "ambiguous");
    }
    for (const [key, index] of found) if (!entries.has(key)) entries.set(key, index);
  }
  return (photo) => {
    for (const form of forms) {
      const index = entries.get(form(photo));
      if (index !== undefined) return index;
    }
  };
}

const withSlashes = (path: string) => path.replaceAll("\\", "/").replace(/^\.\//, "");
const withoutExtension = (path: string) => withSlashes(path).replace(EXTENSION, "");
const lastPart = (path: string) => path.slice(path.lastIndexOf("/") + 1);

/** A path, then without extension, then the name alone, then that without extension. */
const forms: readonly ((path: string) => string)[] = [
  withSlashes,
  withoutExtension,
  (path) => lastPart(withSlashes(path)),
  (path) => lastPart(withoutExtension(path)),
];
