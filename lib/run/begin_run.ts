import type { Config } from "../config/mod.ts";
import type { Listener } from "../progress/mod.ts";
import { exists, lockFolder, lockUnused, writeFolderWhole } from "../storage/mod.ts";
import { checkSameTraining, readRunConfig, writeRunConfig } from "./run_config.ts";
import { type RunPaths, runPaths } from "./run_files.ts";
import { readSeenElsewhere } from "./seen_photos.ts";

/** Options of {@linkcode beginRun}. */
export interface BeginOptions extends Pick<Listener, "say"> {
  /** Deletes the run that is there, whatever config made it. @default {false} */
  overwrite?: boolean;
}

/**
 * Checks that a folder holds no run yet, or one made by this config.
 *
 * @throws {Error} naming the keys that differ, or that the run was imported
 */
export async function checkRun(paths: RunPaths, config: Config): Promise<void> {
  const { folder } = paths;
  const before = await readRunConfig(paths.config);
  if (before === undefined) return;
  const imported = before.training.from === undefined &&
    await readSeenElsewhere(paths) !== undefined;
  if (imported) {
    throw new Error(
      `${folder} was imported, and training would replace its weights: give this run another ` +
        `--name, and --from ${folder} to start from its weights`,
    );
  }
  checkSameTraining(folder, before, config);
}

/**
 * Makes a run's folder with its config, or checks that the run there was made by this config. Call
 * it under the run's lock.
 *
 * @throws {Error} naming the keys that differ
 */
export async function beginRun(
  paths: RunPaths,
  config: Config,
  { overwrite = false, say }: BeginOptions,
): Promise<void> {
  const { folder } = paths;
  const isThere = await exists(folder);
  if (!overwrite) await checkRun(paths, config);
  else if (isThere) say?.(`Deleting the old run in ${folder}`);
  if (isThere && !overwrite) return await writeRunConfig(paths.config, config);
  const write = (made: string) => writeRunConfig(runPaths(made).config, config);
  await writeFolderWhole(folder, write, { replace: overwrite });
}

/**
 * Locks a run whose files are to be written, also against those that start from its weights, until
 * the result is disposed of. The run need not exist.
 *
 * @throws {Error} if another process works on it
 */
export async function lockRun(
  { folder }: Pick<RunPaths, "folder">,
  listener: Pick<Listener, "say"> = {},
): Promise<Disposable> {
  using locks = new DisposableStack();
  locks.use(await lockFolder(folder, listener));
  locks.use(await lockUnused(folder));
  return locks.move();
}
