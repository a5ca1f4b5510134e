import { join } from "node:path";
import { type Architecture, architectures } from "../encoders/mod.ts";
import { showBytes, unlessNotFound, userCacheFolder } from "../storage/mod.ts";
import type { Check } from "./check.ts";

/** Checks which published encoder weights are in the user's cache. */
export async function weightChecks(): Promise<Check[]> {
  const checks: Check[] = [];
  for (const { kind, official, packaged } of Object.values(architectures)) {
    const files = official === undefined
      ? packaged === undefined ? [] : [packaged.file.name]
      : [official.top.file, official.noTop.file];
    for (const file of files) checks.push(await cached(kind, file));
  }
  return checks;
}

/** Checks for the published weights that an encoder's settings need. */
export async function neededWeights(
  { kind, layer }: { kind: string; layer: string },
): Promise<Check> {
  const architecture = Object.values(architectures).find((each) => each.kind === kind)!;
  return await cached(kind, neededFile(architecture, layer));
}

async function cached(kind: string, file: string): Promise<Check> {
  const path = join(userCacheFolder(), "weights", file);
  const size = (await Deno.stat(path).catch(unlessNotFound))?.size;
  const check = { what: `${kind} weights`, needed: false };
  return size === undefined
    ? { ...check, state: "not yet", detail: `${file} is downloaded when photos are first encoded` }
    : { ...check, state: "found", detail: `${path} (${showBytes(size)})` };
}

/** The smaller file serves as far as its layers reach. */
function neededFile({ official, packaged, layers }: Architecture, layer: string): string {
  if (packaged !== undefined) return packaged.file.name;
  const { top, noTop } = official!;
  const position = (name: string) => layers.findIndex((each) => each.name === name);
  return position(layer) <= position(noTop.until) ? noTop.file : top.file;
}
