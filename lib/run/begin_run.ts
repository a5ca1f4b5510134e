import type { Config } from "../config/mod.ts";
import type { Listener } from "../progress/mod.ts";
import {
  DamagedFileError,
  exists,
  lockFolder,
  lockUnused,
  MISSING,
  writeFolderWhole,
} from "../storage/mod.ts";
import { IMPORT_AGAIN, isImported } from "./restore_advice.ts";
import { checkSameTraining, decisiveDigest, readRunConfig, writeRunConfig } from "./run_config.ts";
import { type RunPaths, runPaths } from "./run_files.ts";
import { readRunRecord } from "./run_record.ts";
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
export async function checkRun(
  paths: RunPaths,
  config: Config,
  say?: Listener["say"],
): Promise<void> {
  const { folder } = paths;
  let before: Config | undefined;
  try {
    before = await readRunConfig(paths.config);
    if (before === undefined) throw new DamagedFileError(paths.config, MISSING, "");
  } catch (error) {
    if (!(error instanceof DamagedFileError)) throw error;
    return await checkRestores(paths, config, error, say);
  }
  const imported = before.training.from === undefined &&
    (await exists(paths.imported) || await readSeenElsewhere(paths) !== undefined);
  if (imported) {
    throw new Error(
      `${folder} was imported, and training would replace its weights: give this run another ` +
        `--name, and --from ${folder} to start from its weights`,
    );
  }
  checkSameTraining(folder, before, config);
}

/**
 * Checks that a config may be written in the place of a damaged or missing one. Of a training that has
 * not ended, the checkpoints tell what they belong to.
 *
 * @throws {DamagedFileError} if another config made the run
 */
async function checkRestores(
  paths: RunPaths,
  config: Config,
  damage: DamagedFileError,
  say: Listener["say"],
): Promise<void> {
  if (isImported(paths) && await exists(paths.best)) throw damage.withRemedy(IMPORT_AGAIN);
  const record = await readRunRecord(paths).catch(() => undefined);
  if (record !== undefined && record.config !== decisiveDigest(config)) {
    throw damage.withRemedy(
      "another config made the run; train with that one, which restores it, give this run another " +
        "--name, or --overwrite the old one",
    );
  }
  if (record !== undefined && record.epochs > config.training.epochs) {
    throw damage.withRemedy(
      `the run is trained for ${record.epochs} epochs: give --training.epochs=${record.epochs} or ` +
        "more, which restores it",
    );
  }
  if (record !== undefined || !damage.isMissing) {
    say?.(`${damage.path} is damaged (${damage.damage}): it is written again from this config`);
  }
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
  if (!overwrite) await checkRun(paths, config, say);
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
