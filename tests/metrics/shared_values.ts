import { granted } from "../permissions.ts";

const folder = new URL("../../../shared/metrics/", import.meta.url);

/** Whether the values of other evaluations, which are not part of the project, are there. */
export const shared: boolean = granted("read") && isFolder();

function isFolder() {
  try {
    return Deno.statSync(folder).isDirectory;
  } catch {
    return false;
  }
}

/** A JSON file of shared values. */
// deno-lint-ignore no-explicit-any
export function sharedJson(name: string): any {
  return JSON.parse(Deno.readTextFileSync(new URL(name, folder)));
}

/** The lines of a file of shared values. */
export function sharedLines(name: string): string[] {
  return Deno.readTextFileSync(new URL(name, folder)).trim().split("\n");
}
