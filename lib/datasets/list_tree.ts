import { join } from "node:path";
import { isFolder } from "../storage/mod.ts";

/** Files of a folder and its subfolders. */
export interface FileTree {
  /** By relative paths with `/`, in order. */
  files: string[];
  /** How many entries are hidden, or beside photos by macOS and notebooks: they are left out. */
  hidden: number;
}

/** Lists the files in a folder and its subfolders, also linked ones, each folder once. */
export async function listTree(root: string): Promise<FileTree> {
  const seen = new Set<string>();
  const tree: FileTree = { files: [], hidden: 0 };
  const walk = async (folder: string, prefix: string) => {
    const real = await Deno.realPath(folder);
    if (seen.has(real)) return;
    seen.add(real);
    const entries: Deno.DirEntry[] = [];
    for await (const entry of Deno.readDir(folder)) {
      if (entry.name.startsWith(".") || entry.name === "__MACOSX") tree.hidden++;
      else entries.push(entry);
    }
    entries.sort((a, b) => a.name < b.name ? -1 : 1);
    for (const { name, isDirectory, isSymlink } of entries) {
      const path = join(folder, name);
      if (isDirectory || isSymlink && await isFolder(path)) await walk(path, `${prefix}${name}/`);
      else tree.files.push(prefix + name);
    }
  };
  await walk(root, "");
  return tree;
}
