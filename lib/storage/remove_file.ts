import { isNotFound } from "./not_found.ts";

/**
 * Deletes a file of the project's own, if it is there, or an empty folder in its place.
 *
 * @throws {Error} if a folder with files in it has its name: what is in there is not the project's
 */
export async function removeFile(path: string): Promise<void> {
  try {
    await Deno.remove(path);
  } catch (error) {
    if (isNotFound(error)) return;
    if ((error as { code?: string }).code !== "ENOTEMPTY") throw error;
    throw new Error(`${path} is a folder with files in it, where a file belongs: move it away`, {
      cause: error,
    });
  }
}
