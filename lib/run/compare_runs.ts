import { type Difference, differences } from "../config/mod.ts";
import type { PairedDifference } from "../metrics/mod.ts";
import { runOptions } from "./ensemble_name.ts";
import type { ListedRun } from "./list_runs.ts";
import { pairedRuns } from "./paired_runs.ts";
import { Run } from "./run.ts";

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
  const tests = await testsOf(a, b);
  return {
    figures: names.map((figure) => ({
      figure,
      before: before.get(figure),
      after: after.get(figure),
      ...tests.has(figure) ? { test: tests.get(figure) } : {},
    })),
    warnings: await warningsOf(a, b),
    config: differences(a.config, b.config).filter(({ key }) => key !== "name"),
  };
}

async function testsOf(a: ListedRun, b: ListedRun): Promise<Map<string, PairedDifference>> {
  const tests = new Map<string, PairedDifference>();
  for (const name of Object.keys(a.evaluations)) {
    if (b.evaluations[name] === undefined) continue;
    const found = await pairedRuns([a], [b], name);
    for (const [score, test] of Object.entries(found)) tests.set(`${name} ${score}`, test);
  }
  return tests;
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

async function warningsOf(a: ListedRun, b: ListedRun): Promise<string[]> {
  const [ofA, ofB] = [a.evaluations, b.evaluations];
  const both = Object.keys(ofA).filter((name) => ofB[name] !== undefined);
  if (both.length === 0) {
    const without = [a, b].filter(({ evaluations }) => Object.keys(evaluations).length === 0);
    return without.length === 0
      ? ["the runs were evaluated on different data sets or splits: no score of both is comparable"]
      : without.map(({ name }) =>
        `${name} is not evaluated: \`deno task evaluate ${runOptions(name, name)}\` scores it`
      );
  }
  const warnings: string[] = [];
  for (const name of both) {
    const [first, second] = [ofA[name], ofB[name]];
    if (first.photos !== second.photos) {
      warnings.push(
        `${name}: ${a.name} was scored on ${first.photos} photos, ${b.name} on ${second.photos}`,
      );
    } else if (await digestOf(a, name) !== await digestOf(b, name)) {
      warnings.push(`${name}: the photos, or what people wrote of them, are not the same`);
    }
    if (first.signature !== second.signature) {
      warnings.push(
        `${name}: the signatures differ, ${first.signature} and ${second.signature}`,
      );
    }
  }
  return warnings;
}

/** Tells test photos apart, and their references. */
async function digestOf({ folder }: ListedRun, name: string): Promise<string> {
  const photos = await new Run(folder).evaluation(name).readPhotos().catch(() => []);
  return JSON.stringify(
    photos.map(({ photo, references }) => JSON.stringify([photo, references])).toSorted(),
  );
}
