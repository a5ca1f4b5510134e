import { join } from "node:path";
import { type Config, type Difference, differences } from "../config/mod.ts";
import { folderSize, lockFolder, subfolders } from "../storage/mod.ts";
import type { Evaluation } from "./evaluation_record.ts";
import { readRunConfig, RUN_CONFIG } from "./experiment.ts";
import { readTrainingSummary, TRAINING, type TrainingSummary } from "./training_record.ts";

/** A run as it lies under `data/runs/`. */
export interface Run {
  /** Its name, which is its folder's. */
  name: string;
  /** Where it lies. */
  folder: string;
  /** What made it; absent where that cannot be read. */
  config?: Config;
  /** Why its config cannot be read. */
  problem?: string;
  /** How its training went; absent before the end of it. */
  training?: TrainingSummary;
  /** Scores by `<data set>-<split>`, those on its own data set first. */
  evaluations: Record<string, Evaluation>;
  /** When it was trained, or begun where it is not. */
  date: Date;
  /** Of all its files. */
  bytes: number;
}

/** Two runs side by side. */
export interface RunComparison {
  /** Keys of the configs with different values. */
  config: Difference[];
  /** What only a look at the numbers tells; undefined where one has none. */
  figures: { figure: string; before?: number; after?: number }[];
}

/** All runs under a data folder, by name. */
export async function listRuns(data: string): Promise<Run[]> {
  return await Promise.all((await subfolders(join(data, "runs"))).map(readRun));
}

/**
 * One run by its name.
 *
 * @throws {Error} if there is none of this name
 */
export async function findRun(data: string, name: string): Promise<Run> {
  const folder = (await subfolders(join(data, "runs"))).find((run) => run.name === name);
  if (folder === undefined) {
    throw new Error(
      `There is no run "${name}" in ${join(data, "runs")}; \`deno task runs\` lists them`,
    );
  }
  return await readRun(folder);
}

/** Where the configs of two runs differ, and what came of it. */
export function compareRuns(a: Run, b: Run): RunComparison {
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

/**
 * Deletes a run.
 *
 * @throws {Error} if some process works on it
 */
export async function deleteRun({ folder }: Run): Promise<void> {
  using _lock = await lockFolder(folder);
  await Deno.remove(folder, { recursive: true });
}

async function readRun({ name, folder }: { name: string; folder: string }): Promise<Run> {
  const run: Run = { name, folder, evaluations: {}, date: new Date(0), bytes: 0 };
  try {
    run.config = await readRunConfig(folder);
  } catch (error) {
    run.problem = (error as Error).message;
  }
  run.training = await readTrainingSummary(folder).catch(() => undefined);
  run.evaluations = await readEvaluations(folder, run.config?.dataset.kind);
  run.bytes = await folderSize(folder);
  for (const file of [".", RUN_CONFIG, TRAINING]) {
    const { mtime } = await Deno.stat(join(folder, file)).catch(() => ({ mtime: null }));
    if (mtime !== null) run.date = mtime;
  }
  return run;
}

/**
 * Scores of a run by `<data set>-<split>`, those of test photos first.
 *
 * @param own kind of the run's own data set, which comes before others
 */
export async function readEvaluations(
  run: string,
  own: string | undefined,
): Promise<Record<string, Evaluation>> {
  const folder = join(run, "evaluations");
  const found: [string, Evaluation][] = [];
  try {
    for await (const { name } of Deno.readDir(folder)) {
      if (!/^[\w-]+\.json$/.test(name)) continue; // figures and records have a second dot
      const text = await Deno.readTextFile(join(folder, name));
      found.push([name.slice(0, -".json".length), JSON.parse(text)]);
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  const rank = ([name, { split }]: [string, Evaluation]) =>
    `${name === `${own}-${split}` ? 0 : 1} ${split === "test" ? 0 : 1} ${name}`;
  return Object.fromEntries(found.sort((a, b) => rank(a) < rank(b) ? -1 : 1));
}

function figuresOf({ training, evaluations }: Run): Map<string, number> {
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
