import { join } from "node:path";
import { type Architecture, architectures } from "../encoders/mod.ts";
import { showBytes, unlessNotFound, userCacheFolder } from "../storage/mod.ts";
import type { Check } from "./check.ts";

/** Checks which published encoder weights are in the user's cache. */
export async function weightChecks(): Promise<Check[]> {
  const checks: Check[] = [];
  for (const architecture of Object.values(architectures)) {
    const { kind, official } = architecture;
    if (official === undefined) continue;
    for (const { file } of [official.top, official.noTop]) checks.push(await cached(kind, file));
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
function neededFile({ official, layers }: Architecture, layer: string): string {
  const { top, noTop } = official!;
  const position = (name: string) => layers.findIndex((each) => each.name === name);
  return position(layer) <= position(noTop.until) ? noTop.file : top.file;
}
