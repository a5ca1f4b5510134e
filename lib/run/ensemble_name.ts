import { shellWord } from "../text/mod.ts";

/** Between the names of an ensemble's runs: no run's own name has it. */
export const AND = "+";

/** The options that mean the run of this folder, or the runs of an ensemble of this name. */
export function runOptions(folder: string, name: string): string {
  const runs = name.includes(AND) ? name.split(AND) : [folder];
  return runs.map((run) => `--run=${shellWord(run)}`).join(" ");
}
