import type { Config } from "../config/mod.ts";
import type { Listener } from "../progress/mod.ts";
import { exists, explainWriteError, lockFolder } from "../storage/mod.ts";
import { checkSameTraining, readRunConfig, writeRunConfig } from "./run_config.ts";
import type { RunPaths } from "./run_files.ts";
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
 * Makes a run's folder with its config, or checks that the run there was made by this config.
 *
 * @throws {Error} naming the keys that differ, or the process that works on the run
 */
export async function beginRun(
  paths: RunPaths,
  config: Config,
  { overwrite = false, say }: BeginOptions,
): Promise<void> {
  const { folder } = paths;
  if (!overwrite) await checkRun(paths, config);
  else await deleteIfAny(folder, say);
  await Deno.mkdir(folder, { recursive: true }).catch((error) => {
    throw explainWriteError(error, paths.config, folder);
  });
  await writeRunConfig(paths.config, config);
}

async function deleteIfAny(folder: string, say: Listener["say"]): Promise<void> {
  if (!await exists(folder)) return;
  using _lock = await lockFolder(folder, { say });
  say?.(`Deleting the old run in ${folder}`);
  await Deno.remove(folder, { recursive: true });
}
