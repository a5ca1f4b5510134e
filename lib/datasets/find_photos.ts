import { extname, join } from "node:path";
import type { Listener } from "../progress/mod.ts";
import { isFolder, readHead, recogniseContent } from "../storage/mod.ts";
import { counted } from "../text/mod.ts";
import { listTree } from "./list_tree.ts";
import { isPhotoFile } from "./photo_names/photo_name.ts";

/**
 * Photos in files and folders: of a folder, also a nested one, all files that are photos by their
 * ending or their first bytes, in order; hidden ones are left out. What was skipped is said. Anything
 * else that is named, such as a web address or a file that is not there, is kept as it is.
 */
export async function findPhotos(
  inputs: Iterable<string>,
  { say }: Pick<Listener, "say"> = {},
): Promise<string[]> {
  const photos: string[] = [];
  for (const input of inputs) {
    if (!await isFolder(input)) {
      photos.push(input);
      continue;
    }
    const { files, hidden } = await listTree(input);
    const others: string[] = [];
    let found = 0;
    for (const file of files) {
      const path = join(input, file);
      if (isPhotoFile(file) || holdsPhoto(path)) {
        photos.push(path);
        found++;
      } else others.push(file);
    }
    if (found === 0 || others.length > 0 || hidden > 0) {
      say?.(`${input}: ${counted(found, "photo")}${skipped(others, hidden)}`);
    }
  }
  return photos;
}

function holdsPhoto(path: string): boolean {
  try {
    // A pipe would keep its reader waiting.
    return Deno.statSync(path).isFile && recogniseContent(readHead(path))?.kind === "photo";
  } catch {
    return false; // not readable, and nothing says that it is a photo
  }
}

function skipped(others: readonly string[], hidden: number): string {
  const parts: string[] = [];
  if (others.length > 0) {
    const endings = [...new Set(others.map((file) => extname(file) || file))].slice(0, 3);
    const what = others.length === 1 ? "that is not a photo" : "that are not photos";
    parts.push(`${counted(others.length, "file")} ${what} (${endings.join(", ")})`);
  }
  if (hidden > 0) parts.push(`${hidden} hidden`);
  return parts.length === 0 ? "" : `; skipped ${parts.join(" and ")}`;
}
