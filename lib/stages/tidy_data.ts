import { join } from "node:path";
import { lockCache } from "../features/mod.ts";
import type { Listener } from "../progress/mod.ts";
import { runsFolder } from "../run/mod.ts";
import { subfolders, tidyBeside, tidyFolder } from "../storage/mod.ts";

/** Names of the folders that are locked under `data/`; `.editor.lock` is the user's. */
const LOCKED = {
  run: /^[A-Za-z0-9][\w.-]{0,99}$/,
  export: /-(?:keras|h5|tfjs)$/,
  dataset: /^[a-z0-9_]+-[0-9a-f]{12}$/,
  photos: /^photos$/,
  features: /-[0-9a-f]{16}$/,
};

/**
 * Removes what killed tasks left under a data folder: temporary files and folders, locks and claims.
 * A run or an export that one of them was about to replace is there again. What a living process
 * works on stays, and so do the user's own files. Called once before a task writes there.
 *
 * @param output a folder elsewhere that the task is to write: what was left of it alone is removed
 */
export async function tidyData(
  data: string,
  { say }: Pick<Listener, "say"> = {},
  output?: string,
): Promise<void> {
  const [datasets, features, runs] = [
    join(data, "datasets"),
    join(data, "features"),
    runsFolder(data),
  ];
  await tidyFolder(data, { say });
  await tidyFolder(runs, { say, locked: LOCKED.run });
  for (const { folder } of await subfolders(runs)) {
    await tidyFolder(folder, { say });
    for (const inner of await subfolders(folder)) await tidyFolder(inner.folder, { say });
  }
  await tidyFolder(datasets, { say, locked: LOCKED.dataset });
  for (const { folder } of await subfolders(datasets)) { // not their photos
    await tidyFolder(folder, { say, locked: LOCKED.photos });
  }
  await tidyFolder(join(data, "exports"), { say, locked: LOCKED.export });
  await tidyFolder(features, { say, locked: LOCKED.features });
  for (const { folder } of await subfolders(features)) {
    await tidyFolder(folder, { say });
    await releaseDeadClaims(folder);
  }
  if (output !== undefined) await tidyBeside(output, { say });
}

async function releaseDeadClaims(folder: string): Promise<void> {
  const names = (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name);
  if (!names.some((name) => name.endsWith(".lock"))) return;
  try {
    (await lockCache(folder))[Symbol.dispose]();
  } catch {
    // A living process fills it.
  }
}
