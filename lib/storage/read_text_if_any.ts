import { unlessNotFound } from "./not_found.ts";

/** A file's text, undefined if the file does not exist; other errors are thrown. */
export async function readTextIfAny(path: string): Promise<string | undefined> {
  return await Deno.readTextFile(path).catch(unlessNotFound);
}
