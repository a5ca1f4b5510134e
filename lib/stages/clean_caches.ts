import { join } from "node:path";
import { networkOf } from "../config/mod.ts";
import { lockCache } from "../features/mod.ts";
import { deleteFolder, folderSize, lockFolder, lockUnused, subfolders } from "../storage/mod.ts";
import { shellWord } from "../text/mod.ts";
import { datasetFolder } from "./experiment.ts";
import { fileFeaturesKey, type ListedRun, listRuns } from "../run/mod.ts";

/** A prepared data set or a cache of features under `data/`. */
export interface Cache {
  /** Which of the two. */
  kind: "dataset" | "features";
  /** Where it lies. */
  folder: string;
  /** Of all its files. */
  bytes: number;
  /** Names of the runs that it was made for, or may have been. */
  usedBy: string[];
}

/** All data sets and caches of features, with the runs that use them. */
export async function listCaches(data: string): Promise<Cache[]> {
  const runs = await listRuns(data);
  const caches = async (kind: Cache["kind"], place: string, uses: typeof usesDataset) =>
    await Promise.all(
      (await subfolders(join(data, place))).map(async ({ name, folder }): Promise<Cache> => ({
        kind,
        folder,
        bytes: await folderSize(folder),
        usedBy: runs.filter((run) => uses(run, name, data)).map((run) => run.name),
      })),
    );
  return [
    ...await caches("dataset", "datasets", usesDataset),
    ...await caches("features", "features", usesFeatures),
  ];
}

/**
 * Deletes the data sets and features that no run uses.
 *
 * @param dryRun deletes nothing
 * @returns what was deleted, or would be
 * @throws {Error} if a run's config cannot be read, or another process is using one of them: then
 * none is deleted
 */
export async function cleanCaches(data: string, dryRun = false): Promise<Cache[]> {
  const unknown = (await listRuns(data)).find(({ problem }) => problem !== undefined);
  if (unknown !== undefined) {
    throw new Error(
      `It cannot be told what the run "${unknown.name}" uses (${unknown.problem}): ` +
        `delete it first, \`deno task runs delete ${shellWord(unknown.name)}\``,
    );
  }
  const unused = (await listCaches(data)).filter(({ usedBy }) => usedBy.length === 0);
  if (dryRun) return unused;
  using locks = new DisposableStack();
  for (const { kind, folder } of unused) { // all of them before the first is deleted
    locks.use(await (kind === "features" ? lockCache(folder) : lockFolder(folder)));
    locks.use(await lockUnused(folder));
  }
  for (const { folder } of unused) await deleteFolder(folder);
  return unused;
}

function usesDataset({ config }: ListedRun, name: string, data: string): boolean {
  return config !== undefined && datasetFolder({ config, data }) === join(data, "datasets", name);
}

/** Which weights a run uses is known when it is trained; until then every cache of that layer may be its. */
function usesFeatures({ config, training }: ListedRun, name: string): boolean {
  if (training !== undefined) return training.encoderKey === name;
  if (config === undefined) return false;
  const { encoder } = config;
  if (encoder.features !== undefined) return name.startsWith(fileFeaturesKey(""));
  if (encoder.kind === "onnx") return name.startsWith("onnx-"); // its output may be any
  return encoder.kind !== "features" &&
    name.startsWith(`${encoder.kind}-${networkOf(encoder).layer}-`);
}
