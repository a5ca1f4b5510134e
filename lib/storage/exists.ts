import { unlessNotFound } from "./not_found.ts";

/** Whether there is a file or a folder of this path; errors other than its absence are thrown. */
export async function exists(path: string): Promise<boolean> {
  return await statIfAny(path) !== undefined;
}

/** Whether the path is that of a file, or of a link to one. */
export async function isFile(path: string): Promise<boolean> {
  return (await statIfAny(path))?.isFile ?? false;
}

/** Whether the path is that of a folder, or of a link to one. */
export async function isFolder(path: string): Promise<boolean> {
  return (await statIfAny(path))?.isDirectory ?? false;
}

async function statIfAny(path: string): Promise<Deno.FileInfo | undefined> {
  return await Deno.stat(path).catch(unlessNotFound);
}
