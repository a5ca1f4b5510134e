import type { PhotoFolder } from "./photo_folder.ts";

const EXTENSION = /\.(jpe?g|jfif|png|webp|gif|tiff?|bmp|avif|heic)$/i;

/**
 * A quick test whether a text names a photo on the disk, by path, name or name without extension: it
 * shows which column holds the photos, and where a row begins. It finds no photo.
 */
export function photoTest({ names }: PhotoFolder): (name: string) => boolean {
  const known = new Set<string>();
  for (const file of names.values()) {
    const name = lastPart(file);
    const stem = name.replace(EXTENSION, "");
    if (stem === name && /\.\w+$/.test(name)) continue; // another kind of file
    known.add(name);
    known.add(stem);
  }
  return (text) => {
    const name = lastPart(text.trim().replace(/[?#].*$/, ""));
    return known.has(name) || known.has(name.replace(EXTENSION, "")) ||
      known.has(name.replace(/\.0$/, ""));
  };
}

function lastPart(path: string): string {
  const parts = path.replaceAll("\\", "/").normalize("NFC").toLowerCase();
  return parts.slice(parts.lastIndexOf("/") + 1);
}
