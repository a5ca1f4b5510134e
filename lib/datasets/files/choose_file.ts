import { join, resolve } from "node:path";
import { isFile, unlessNotFound } from "../../storage/mod.ts";

/**
 * The path of a source's captions file: the one that the settings name, or else the only one whose
 * name matches.
 *
 * @param folders where to look, in order of preference
 * @param named `dataset.captions`, relative to the first folder
 * @param what the file is, such as "dataset_*.json"
 * @throws {Error} naming the folder and what to do, if there is none or more than one
 */
export async function chooseFile(
  folders: readonly string[],
  named: string | undefined,
  pattern: RegExp,
  what: string,
): Promise<string> {
  const [source] = folders;
  if (named !== undefined) {
    const path = resolve(source, named);
    if (await isFile(path)) return path;
    throw new Error(`There is no file ${path}: set dataset.captions to the captions file`);
  }
  for (const folder of folders) {
    const names = await filesLike(folder, pattern);
    if (names.length === 1) return join(folder, names[0]);
    if (names.length > 1) {
      throw new Error(
        `${folder} has ${names.join(", ")}: set dataset.captions to one of them`,
      );
    }
  }
  throw new Error(
    `There is no ${what} in ${source}: put it there, or set dataset.source to the folder that ` +
      "has it",
  );
}

/** Sorted names of the files in a folder that match; none if the folder does not exist. */
export async function filesLike(folder: string, pattern: RegExp): Promise<string[]> {
  const names: string[] = [];
  try {
    for await (const { name, isDirectory } of Deno.readDir(folder)) {
      if (!isDirectory && pattern.test(name)) names.push(name);
    }
  } catch (error) {
    unlessNotFound(error);
  }
  return names.sort();
}
