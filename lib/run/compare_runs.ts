import { type Difference, differences } from "../config/mod.ts";
import type { PairedDifference } from "../metrics/mod.ts";
import { runOptions } from "./ensemble_name.ts";
import type { ListedRun } from "./list_runs.ts";
import { pairedRuns, type PairedScores } from "./paired_runs.ts";

/** A figure of two runs. */
export interface ComparedFigure {
  /** Its name; a score's with the evaluation's before it. */
  figure: string;
  /** Of the first run. */
  before?: number;
  /** Of the second. */
  after?: number;
  /** The paired bootstrap test of a score's difference; absent where it cannot be made. */
  test?: PairedDifference;
}

/** Two runs side by side. */
export interface RunComparison {
  /** Figures of both runs by name, scores first; undefined where one has none. */
  figures: ComparedFigure[];
  /** Why scores cannot be compared: other photos, another way to score. */
  warnings: string[];
  /** Keys of the configs with different values. */
  config: Difference[];
}

/** The results of two runs, what stands against comparing them, and where their configs differ. */
export async function compareRuns(a: ListedRun, b: ListedRun): Promise<RunComparison> {
  const [before, after] = [figuresOf(a), figuresOf(b)];
  const names = [...new Set([...scoresOf(a), ...scoresOf(b)].map(([name]) => name))]
    .concat(TRAINING_FIGURES.filter((name) => before.has(name) || after.has(name)));
  const both = Object.keys(a.evaluations).filter((name) => b.evaluations[name] !== undefined);
  const tests = new Map<string, PairedDifference>();
  const warnings = both.length === 0 ? withoutShared(a, b) : [];
  for (const name of both) {
    const paired = await pairedRuns([a], [b], name);
    for (const [score, test] of Object.entries(paired.scores)) tests.set(`${name} ${score}`, test);
    warnings.push(...warningsOf(a, b, name, paired));
  }
  return {
    figures: names.map((figure) => ({
      figure,
      before: before.get(figure),
      after: after.get(figure),
      ...tests.has(figure) ? { test: tests.get(figure) } : {},
    })),
    warnings,
    config: differences(a.config, b.config).filter(({ key }) => key !== "name"),
  };
}

const TRAINING_FIGURES = ["parameters", "epochs", "bestEpoch", "wordsPerSecond"] as const;

function scoresOf({ evaluations }: ListedRun): [string, number][] {
  return Object.entries(evaluations).flatMap(([name, { scores }]) =>
    Object.entries(scores).map(([score, value]): [string, number] => [`${name} ${score}`, value])
  );
}

function figuresOf(run: ListedRun): Map<string, number> {
  const { training } = run;
  const own = training === undefined ? [] : TRAINING_FIGURES.map((name) => [name, training[name]]);
  return new Map([...scoresOf(run), ...own as [string, number][]]);
}

/** Why runs have no evaluation in common. */
function withoutShared(a: ListedRun, b: ListedRun): string[] {
  const without = [a, b].filter(({ evaluations }) => Object.keys(evaluations).length === 0);
  return without.length === 0
    ? ["the runs were evaluated on different data sets or splits: no score of both is comparable"]
    : without.map(({ name }) =>
      `${name} is not evaluated: \`deno task evaluate ${runOptions(name, name)}\` scores it`
    );
}

/** What stands against comparing the scores of an evaluation that both runs have. */
function warningsOf(
  a: ListedRun,
  b: ListedRun,
  evaluation: string,
  { reason }: PairedScores,
): string[] {
  const [first, second] = [a.evaluations[evaluation], b.evaluations[evaluation]];
  const warnings: string[] = [];
  if (first.photos !== second.photos) {
    warnings.push(
      `${evaluation}: ${a.name} was scored on ${first.photos} photos, ${b.name} on ${second.photos}`,
    );
  } else if (reason !== undefined) {
    warnings.push(reason);
  }
  if (first.signature !== second.signature) {
    warnings.push(
      `${evaluation}: the signatures differ, ${first.signature} and ${second.signature}`,
    );
  }
  return warnings;
}
