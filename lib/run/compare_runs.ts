import { type Difference, differences } from "../config/mod.ts";
import type { ListedRun } from "./list_runs.ts";

/** Two runs side by side. */
export interface RunComparison {
  /** Keys of the configs with different values. */
  config: Difference[];
  /** Figures of both runs by name; undefined where one has none. */
  figures: { figure: string; before?: number; after?: number }[];
}

/** Where the configs of two runs differ, and their results. */
export function compareRuns(a: ListedRun, b: ListedRun): RunComparison {
  const [before, after] = [figuresOf(a), figuresOf(b)];
  const names = [...new Set([...before.keys(), ...after.keys()])];
  return {
    config: differences(a.config, b.config).filter(({ key }) => key !== "name"),
    figures: names.map((figure) => ({
      figure,
      before: before.get(figure),
      after: after.get(figure),
    })),
  };
}

function figuresOf({ training, evaluations }: ListedRun): Map<string, number> {
  const figures = new Map<string, number>();
  if (training !== undefined) {
    for (const name of ["parameters", "epochs", "bestEpoch", "wordsPerSecond"] as const) {
      figures.set(name, training[name]);
    }
  }
  for (const [name, { scores }] of Object.entries(evaluations)) {
    for (const [score, value] of Object.entries(scores)) figures.set(`${name} ${score}`, value);
  }
  return figures;
}
