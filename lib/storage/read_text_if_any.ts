import { unlessNotFound } from "./not_found.ts";

/** The text of a file; undefined if there is no such file, other errors are thrown. */
export async function readTextIfAny(path: string): Promise<string | undefined> {
  return await Deno.readTextFile(path).catch(unlessNotFound);
}
