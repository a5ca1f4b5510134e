import type { RunPaths } from "./run_files.ts";

/**
 * What restores a damaged file of a run, as the end of a sentence. Training writes again what it can
 * without training an epoch more, and says what it cannot.
 */
export function restoreAdvice(paths: RunPaths): string {
  // What was imported has neither a history nor a last checkpoint, whichever file is lost.
  const isImported = isThere(paths.imported) || !isThere(paths.history) && !isThere(paths.last);
  return isImported
    ? "import the run's files again, with --overwrite"
    : `\`deno task train --config=${paths.config}\` restores it`;
}

function isThere(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch {
    return false;
  }
}
