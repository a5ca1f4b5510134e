import { dirname, join } from "node:path";
import { lockCache } from "../features/mod.ts";
import type { Listener } from "../progress/mod.ts";
import { subfolders, tidyFolder } from "../storage/mod.ts";
import { runsFolder } from "../run/mod.ts";

/**
 * Removes what killed tasks left under a data folder: temporary files and folders, locks and claims.
 * A run or an export that one of them was about to replace is there again. What a living process
 * works on stays. Called once before a task writes there.
 *
 * @param output a folder or file elsewhere that the task is to write
 */
export async function tidyData(
  data: string,
  listener: Pick<Listener, "say"> = {},
  output?: string,
): Promise<void> {
  const tidy = async (folder: string, depth = 0): Promise<void> => {
    await tidyFolder(folder, listener);
    if (depth === 0) return;
    for (const inner of await subfolders(folder)) await tidy(inner.folder, depth - 1);
  };
  await tidy(data);
  await tidy(runsFolder(data), 2);
  await tidy(join(data, "datasets"), 1); // not their photos
  await tidy(join(data, "exports"));
  const features = join(data, "features");
  await tidy(features, 1);
  for (const { folder } of await subfolders(features)) await releaseDeadClaims(folder);
  if (output !== undefined) await tidy(dirname(output));
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
