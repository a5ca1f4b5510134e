import { shellWord } from "../text/mod.ts";
import type { RunPaths } from "./run_files.ts";

/** What restores an imported run, as the end of a sentence. */
export const IMPORT_AGAIN = "import the run's files again, with --overwrite";

/**
 * What restores a damaged file of a run, as the end of a sentence. Training writes again what it can
 * without training an epoch more, and says what it cannot.
 */
export function restoreAdvice(paths: RunPaths): string {
  return isImported(paths)
    ? IMPORT_AGAIN
    : `\`deno task train --config=${shellWord(paths.config)}\` restores it`;
}

/** Likewise, for a run whose training has not come to its end. */
export function resumeAdvice(paths: RunPaths): string {
  return isThere(paths.imported)
    ? IMPORT_AGAIN
    : `\`deno task train --config=${shellWord(paths.config)}\` resumes it`;
}

/** What replaces a run of another version: training refuses its record, as it might be a newer one. */
export function replaceAdvice(paths: RunPaths): string {
  return isImported(paths)
    ? IMPORT_AGAIN
    : `\`deno task train --config=${shellWord(paths.config)} --overwrite\` trains the run again`;
}

/** Whether a run was imported, by what is there of it. */
export function isImported(paths: RunPaths): boolean {
  // What was imported has neither a history nor a last checkpoint, whichever file is lost.
  return isThere(paths.imported) || !isThere(paths.history) && !isThere(paths.last);
}

function isThere(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch {
    return false;
  }
}
