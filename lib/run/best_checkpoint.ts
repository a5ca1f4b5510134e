import type { Listener } from "../progress/mod.ts";
import type { Weights } from "../nn/mod.ts";
import { DamagedFileError } from "../storage/mod.ts";
import { readCheckpointWeights } from "../training/mod.ts";
import { restoreAdvice } from "./restore_advice.ts";
import type { RunPaths } from "./run_files.ts";
import type { RunRecord } from "./run_record.ts";

/**
 * The weights of a run's best epoch; where its checkpoint is damaged, from the last checkpoint if that
 * is of the same epoch.
 *
 * @param say hears which was read instead
 * @throws {DamagedFileError} if neither has them
 */
export function readBestWeights(
  paths: RunPaths,
  record: RunRecord,
  say: Listener["say"],
): Weights {
  try {
    return readRecorded(paths.best, record);
  } catch (error) {
    if (!(error instanceof DamagedFileError)) throw error;
    const { path, damage } = error;
    try {
      const weights = readRecorded(paths.last, record);
      say?.(
        `${path} is damaged (${damage}): taking ${paths.last}, which is of the same epoch; ` +
          restoreAdvice(paths),
      );
      return weights;
    } catch (other) {
      if (!(other instanceof DamagedFileError)) throw other;
      throw error.withRemedy(restoreAdvice(paths));
    }
  }
}

/** What a checkpoint holds; undefined if there is none, or it is damaged, which is said. */
export function readIfWhole<T>(
  path: string,
  read: (path: string) => T,
  say: Required<Listener>["say"],
): T | undefined {
  try {
    return read(path);
  } catch (error) {
    if (!(error instanceof DamagedFileError)) throw error;
    if (!error.isMissing) say(`${path} is damaged (${error.damage}): it is not used`);
    return undefined;
  }
}

/** Checkpoints of one moment have the same digest, whatever their names are. */
function readRecorded(path: string, { best }: RunRecord): Weights {
  const { sha256, weights } = readCheckpointWeights(path);
  if (sha256 === best) return weights;
  throw new DamagedFileError(path, "it is of another training or epoch", "");
}
