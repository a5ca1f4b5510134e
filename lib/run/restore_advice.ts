import { basename, dirname, resolve } from "node:path";
import { isThere } from "../storage/mod.ts";
import { shellWord } from "../text/mod.ts";
import { type RunPaths, RUNS } from "./run_files.ts";

/** What restores an imported run, as the end of a sentence. */
export const IMPORT_AGAIN = "import the run's files again, with --overwrite";

/**
 * What restores a damaged file of a run, as the end of a sentence. Training writes again what it can
 * without training an epoch more, and says what it cannot.
 */
export function restoreAdvice(paths: RunPaths): string {
  return adviceOf(paths, "restores it");
}

/** Likewise, for a run whose training has not come to its end. */
export function resumeAdvice(paths: RunPaths): string {
  return adviceOf(paths, "resumes it");
}

/** What replaces a run of another version: training refuses its record, as it might be a newer one. */
export function replaceAdvice(paths: RunPaths): string {
  return adviceOf(paths, "trains the run again", " --overwrite");
}

/** Whether a run was imported, by what is there of it. */
export function isImported(paths: RunPaths): boolean {
  if (isThere(paths.imported)) return true;
  const record = readLoosely(paths.training);
  if (record !== undefined) return record.inputs === null;
  // What was imported has neither a history nor a last checkpoint, whichever file is lost.
  return isThere(paths.best) && !isThere(paths.history) && !isThere(paths.last);
}

function adviceOf(paths: RunPaths, effect: string, option = ""): string {
  if (isImported(paths)) return IMPORT_AGAIN;
  // Training writes into the folder of the config's name.
  const folder = resolve(paths.folder);
  const { name = basename(folder) } = readLoosely(paths.config) ?? {};
  if (basename(dirname(folder)) !== RUNS || basename(folder) !== name) {
    return `train the run where it was made (--name=${shellWord(String(name))}), and copy it again`;
  }
  return `\`deno task train --config=${shellWord(paths.config)}${option}\` ${effect}`;
}

/** A JSON object that may be damaged; undefined where it cannot be read. */
function readLoosely(path: string): Record<string, unknown> | undefined {
  try {
    return Object(JSON.parse(Deno.readTextFileSync(path)));
  } catch {
    return undefined;
  }
}
