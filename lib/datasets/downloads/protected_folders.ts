import { dirname, join, resolve, sep } from "node:path";
import { unlessNotFound, userCacheFolder } from "../../storage/mod.ts";

/** What the project itself keeps under `data/`. */
const KEPT: Readonly<Record<string, string>> = {
  runs: "runs are kept",
  datasets: "prepared data sets are kept",
  features: "features are cached",
  exports: "exports are kept",
};

/**
 * Refuses a folder that a config must not have files put into, symbolic links followed: the user's
 * cache, whose library is native code, and what the project itself keeps under `data/`.
 *
 * @param data such as `data/`
 * @param setting that chose the folder
 * @throws {Error} saying which it is
 */
export async function refuseProtected(
  folder: string,
  data: string,
  setting: string,
): Promise<void> {
  const real = await realPlace(folder);
  const kept = Object.entries(KEPT).map(([name, what]) => ({ path: join(data, name), what }));
  const cache = Deno.env.get("HOME")
    ? [{ path: userCacheFolder(), what: "TensorFlow's library and weights are kept" }]
    : [];
  for (const { path, what } of [...cache, ...kept]) {
    if (!isWithin(real, await realPlace(path))) continue;
    const through = real === resolve(folder) ? "" : ` (${real})`;
    throw new Error(
      `Nothing is downloaded into ${folder}${through}, as ${what} in ${path}: set ${setting} to ` +
        "another folder",
    );
  }
}

/** A path with all its symbolic links followed, as far as it exists. */
export async function realPlace(path: string): Promise<string> {
  const absolute = resolve(path);
  const real = await Deno.realPath(absolute).catch(unlessNotFound);
  if (real !== undefined || dirname(absolute) === absolute) return real ?? absolute;
  return join(await realPlace(dirname(absolute)), absolute.slice(dirname(absolute).length));
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder + sep);
}
