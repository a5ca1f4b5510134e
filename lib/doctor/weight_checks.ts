import { join } from "node:path";
import { type Architecture, architectures } from "../encoders/mod.ts";
import { showBytes, unlessNotFound, userCacheFolder } from "../storage/mod.ts";
import type { Check } from "./check.ts";

/** Checks which published encoder weights are in the user's cache. */
export async function weightChecks(): Promise<Check[]> {
  const folder = join(userCacheFolder(), "weights");
  const checks: Check[] = [];
  for (const architecture of Object.values(architectures)) {
    for (const [file, option] of publishedFiles(architecture)) {
      const path = join(folder, file);
      const size = (await Deno.stat(path).catch(unlessNotFound))?.size;
      const isThere = size !== undefined;
      checks.push({
        what: `${architecture.kind} weights`,
        state: isThere ? "found" : "missing",
        detail: isThere ? `${path} (${showBytes(size)})` : path,
        fix: isThere
          ? undefined
          : `deno task features --encoder.kind=${architecture.kind}${option} --dataset.limit=1`,
        needed: false,
      });
    }
  }
  return checks;
}

/** Each file with the option that makes it the one to download. */
function publishedFiles(
  { official, layers, defaultLayer }: Architecture,
): [file: string, option: string][] {
  if (official === undefined) return [];
  const { top, noTop } = official;
  const position = (layer: string) => layers.findIndex(({ name }) => name === layer);
  const usual = position(defaultLayer) <= position(noTop.until) ? noTop : top;
  const option = (layer: string) => ` --encoder.layer=${layer}`;
  return [
    [top.file, usual === top ? "" : option(layers[layers.length - 1].name)],
    [noTop.file, usual === noTop ? "" : option(noTop.until)],
  ];
}
