import { explainReadError } from "./input_file.ts";
import { isNotFound } from "./not_found.ts";

/** Whether a file or a folder exists at this path; other errors than its absence are thrown. */
export async function exists(path: string): Promise<boolean> {
  return await statIfAny(path) !== undefined;
}

/** Whether the path names a file, or a link to one. */
export async function isFile(path: string): Promise<boolean> {
  return (await statIfAny(path))?.isFile ?? false;
}

/** Whether the path names a folder, or a link to one. */
export async function isFolder(path: string): Promise<boolean> {
  return (await statIfAny(path))?.isDirectory ?? false;
}

async function statIfAny(path: string): Promise<Deno.FileInfo | undefined> {
  return await Deno.stat(path).catch((error) => {
    if (!isNotFound(error)) throw explainReadError(error, path);
    return undefined;
  });
}

/** Whether something that can be seen is at this path, for code that cannot wait. */
export function isThere(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch {
    return false;
  }
}
