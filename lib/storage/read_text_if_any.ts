import { readInput } from "./input_file.ts";
import { unlessNotFound } from "./not_found.ts";

/** The text of a file; undefined where there is none. Other errors than its absence are thrown. */
export async function readTextIfAny(path: string): Promise<string | undefined> {
  const bytes = await readInput(path).catch(unlessNotFound);
  return bytes && new TextDecoder().decode(bytes);
}
